import { aggregatorOf, initialiserOf, mergerOf } from '../functions/aggregators.ts'
import { asTable, serdeOf, storeOptions, type Building, type OperatorBuilder } from '../building.ts'
import type { ScenarioNode, Value } from '../scenario.ts'
import { fixedWindowsOf, sessionWindowsOf, windowOptions } from './windows.ts'

/** Several groups with one aggregate. */
export const COGROUP: Readonly<Record<string, OperatorBuilder>> = {
  cogroup: (node, building) => {
    const [first, ...others] = node.streams!.map(({ in: input, fn }) => {
      const { group } = building.input({ op: 'cogroup', in: input }, 'group')
      return { group, add: aggregatorOf(fn) }
    })
    const begun = first!.group.cogroup<Value>(first!.add)
    const cogroup = others.reduce((all, { group, add }) => all.cogroup(group, add), begun)
    return { kind: 'cogroup', cogroup, type: node.value! }
  },
}

/** Operators on cogroups, by the names that operators on groups have as well. */
export const COGROUPS: Readonly<Record<string, OperatorBuilder>> = {
  windowedBy: (node, building) => {
    const { cogroup, type } = building.input(node, 'cogroup')
    if (node.type === 'session') {
      const sessions = cogroup.windowedBy(sessionWindowsOf(node))
      return { kind: 'cogrouped-sessions', sessions, type }
    }
    return { kind: 'cogrouped-windows', windows: cogroup.windowedBy(fixedWindowsOf(node)), type }
  },

  aggregate: (node, building) => {
    const { cogroup, type } = building.input(node, 'cogroup')
    const options = { ...initOf(node), ...storeOptions(node, building), value: serdeOf(type) }
    return asTable(cogroup.aggregate(options), type)
  },
}

export const COGROUPED_WINDOWS: Readonly<Record<string, OperatorBuilder>> = {
  aggregate: (node, building) => {
    const { windows, type } = building.input(node, 'cogrouped-windows')
    return asTable(windows.aggregate({ ...optionsOf(node, building), value: serdeOf(type) }), type)
  },
}

export const COGROUPED_SESSIONS: Readonly<Record<string, OperatorBuilder>> = {
  aggregate: (node, building) => {
    const { sessions, type } = building.input(node, 'cogrouped-sessions')
    const merge = mergerOf(node.merger!)
    const options = { ...optionsOf(node, building), value: serdeOf(type), merge }
    return asTable(sessions.aggregate(options), type)
  },
}

function optionsOf(node: ScenarioNode, building: Building) {
  return { ...initOf(node), ...windowOptions(node, building) }
}

function initOf({ init }: ScenarioNode) {
  const { value } = initialiserOf(init!)
  return { init: () => value }
}
