import { SessionWindows } from '../../../../src/topology/windows/session-windows.ts'
import { SlidingWindows } from '../../../../src/topology/windows/sliding-windows.ts'
import { TimeWindows } from '../../../../src/topology/windows/time-windows.ts'
import { UnlimitedWindows } from '../../../../src/topology/windows/unlimited-windows.ts'
import { aggregatorOf, initialiserOf, mergerOf, reducerOf } from '../functions/aggregators.ts'
import { asTable, serdeOf, storeOptions, type Building, type OperatorBuilder } from '../building.ts'
import type { ScenarioNode, Value } from '../scenario.ts'

/** Groups in windows. */
export const WINDOWED_BY: Readonly<Record<string, OperatorBuilder>> = {
  windowedBy: (node, building) => {
    const { group, type } = building.input(node, 'group')
    const strategy = node.emit === 'onWindowClose' ? 'on-window-close' : 'on-window-update'
    if (node.type === 'session') {
      const sessions = group.windowedBy(sessionWindowsOf(node)).emitStrategy(strategy)
      return { kind: 'sessions', sessions, type }
    }
    const windows = group.windowedBy(fixedWindowsOf(node)).emitStrategy(strategy)
    return { kind: 'windows', windows, type }
  },
}

/** Operators on groups in time windows, by the names that operators on groups have as well. */
export const TIME_WINDOWS: Readonly<Record<string, OperatorBuilder>> = {
  count: (node, building) => {
    const { windows } = building.input(node, 'windows')
    return asTable(windows.count(windowOptions(node, building)), 'long')
  },

  reduce: (node, building) => {
    const { windows, type } = building.input(node, 'windows')
    const options = { ...windowOptions(node, building), value: serdeOf(type) }
    return asTable(windows.reduce(reducerOf(node.fn!), options), type)
  },

  aggregate: (node, building) => {
    const { windows } = building.input(node, 'windows')
    const initial = initialiserOf(node.init!)
    const table = windows.aggregate<Value>({
      init: () => initial.value,
      add: aggregatorOf(node.fn!),
      ...windowOptions(node, building),
      value: serdeOf(initial.type),
    })
    return asTable(table, initial.type)
  },
}

/** Operators on groups in sessions. */
export const SESSIONS: Readonly<Record<string, OperatorBuilder>> = {
  count: (node, building) => {
    const { sessions } = building.input(node, 'sessions')
    return asTable(sessions.count(windowOptions(node, building)), 'long')
  },

  reduce: (node, building) => {
    const { sessions, type } = building.input(node, 'sessions')
    const options = { ...windowOptions(node, building), value: serdeOf(type) }
    return asTable(sessions.reduce(reducerOf(node.fn!), options), type)
  },

  aggregate: (node, building) => {
    const { sessions } = building.input(node, 'sessions')
    const initial = initialiserOf(node.init!)
    const table = sessions.aggregate<Value>({
      init: () => initial.value,
      add: aggregatorOf(node.fn!),
      merge: mergerOf(node.merger!),
      ...windowOptions(node, building),
      value: serdeOf(initial.type),
    })
    return asTable(table, initial.type)
  },
}

export function fixedWindowsOf(node: ScenarioNode) {
  switch (node.type) {
    case 'sliding':
      return SlidingWindows.of({ differenceMs: node.differenceMs!, ...graceOf(node) })
    case 'unlimited':
      return UnlimitedWindows.of({ startMs: node.startMs ?? 0 })
    default:
      return TimeWindows.of({ ...sizesOf(node), ...graceOf(node) })
  }
}

export function sessionWindowsOf(node: ScenarioNode): SessionWindows {
  return SessionWindows.of({ gapMs: node.gapMs!, ...graceOf(node) })
}

function sizesOf({ sizeMs = 0, advanceMs }: ScenarioNode) {
  return advanceMs === undefined ? { sizeMs } : { sizeMs, advanceMs }
}

function graceOf({ graceMs }: ScenarioNode) {
  return graceMs === undefined ? {} : { graceMs }
}

export function windowOptions(node: ScenarioNode, building: Building) {
  const { retentionMs } = node
  const options = storeOptions(node, building)
  return retentionMs === undefined ? options : { ...options, retentionMs }
}
