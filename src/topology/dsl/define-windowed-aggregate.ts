import type { Serde } from '../../serdes/serde.ts'
import { sessionWindowedSerde, timeWindowedSerde } from '../../serdes/windowed-serdes.ts'
import type { NodeDefinition } from '../graph/node-definition.ts'
import type { SessionMerger } from '../nodes/session-aggregate-node.ts'
import type { Aggregation } from '../processing/aggregation.ts'
import { checkDuration } from '../windows/check-duration.ts'
import { SessionWindows } from '../windows/session-windows.ts'
import { SlidingWindows } from '../windows/sliding-windows.ts'
import { TimeWindows } from '../windows/time-windows.ts'
import { UnlimitedWindows } from '../windows/unlimited-windows.ts'
import { checkWord } from './check-word.ts'
import type { NodePlace } from './add-aggregate.ts'
import type { WindowedStoreOptions } from './options.ts'
import { storeVersion } from './store-version.ts'

/** Windows that are known by their starts. */
export type WindowsByTime = TimeWindows | SlidingWindows | UnlimitedWindows

/** An aggregate by windows. */
export interface WindowedAggregate {
  readonly windows: WindowsByTime | SessionWindows
  readonly aggregation: Aggregation
  /** Of sessions. */
  readonly merger: SessionMerger | undefined
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  readonly emitsOnClose: boolean
  readonly options: WindowedStoreOptions
}

/** The node of an aggregate by windows. */
export type WindowedAggregateDefinition = Extract<
  NodeDefinition,
  { readonly kind: 'window-aggregate' | 'sliding-aggregate' | 'session-aggregate' }
>

/** @throws TypeError when the retention is shorter than the windows need, or they cannot do what is said of null values. */
export function defineWindowedAggregate(
  place: NodePlace,
  storeName: string,
  aggregate: WindowedAggregate,
): WindowedAggregateDefinition {
  const { windows, aggregation, key, value, emitsOnClose, options } = aggregate
  const retentionMs = checkedRetention(storeName, shortestRetention(windows), options.retentionMs)
  const store = {
    name: storeName,
    key,
    value,
    cache: options.cache ?? true,
    retentionMs,
    emitsOnClose,
    ...storeVersion(options, value),
  }
  const common = { ...place, aggregation, ...nullValuesOf(options, windows) }
  if (windows instanceof SessionWindows) {
    const merger = aggregate.merger!
    const sessions = Object.freeze({ kind: 'session', ...store, gapMs: windows.gapMs } as const)
    return { kind: 'session-aggregate', ...common, store: sessions, windows, merger }
  }
  const byTime = Object.freeze({ kind: 'window', ...store, ...placesOf(windows) } as const)
  return windows instanceof SlidingWindows
    ? { kind: 'sliding-aggregate', ...common, store: byTime, windows }
    : { kind: 'window-aggregate', ...common, store: byTime, windows }
}

/** The serde of the keys of a table by windows. */
export function windowedKeySerde(
  key: Serde<unknown>,
  windows: WindowsByTime | SessionWindows,
): Serde<unknown> {
  const serde: unknown =
    windows instanceof SessionWindows
      ? sessionWindowedSerde(key)
      : timeWindowedSerde(key, lengthOf(windows))
  return serde as Serde<unknown>
}

/** From the start of a window to its end. */
function lengthOf(windows: WindowsByTime): number {
  return windows instanceof SlidingWindows ? windows.differenceMs : windows.sizeMs
}

function nullValuesOf({ nullValues }: WindowedStoreOptions, windows: WindowedAggregate['windows']) {
  if (nullValues === undefined) return {}
  checkWord('nullValues', nullValues, ['aggregated', 'dropped'])
  if (nullValues === 'aggregated' && windows instanceof SlidingWindows)
    throw new TypeError(`sliding windows drop null values: nullValues cannot be 'aggregated'`)
  return { nullValues }
}

/** Where windows lie: rows of others must not be mistaken for theirs. */
function placesOf(windows: WindowsByTime) {
  return {
    sizeMs: lengthOf(windows),
    ...(windows instanceof TimeWindows && { advanceMs: windows.advanceMs }),
    ...(windows instanceof UnlimitedWindows && { startMs: windows.startMs }),
  }
}

/** As long as windows may change, and as those are needed of which new sliding windows are made. */
function shortestRetention(windows: WindowsByTime | SessionWindows): number {
  const { graceMs } = windows
  if (windows instanceof SessionWindows) return windows.gapMs + graceMs
  return windows instanceof SlidingWindows
    ? 2 * windows.differenceMs + graceMs
    : windows.sizeMs + graceMs
}

function checkedRetention(store: string, shortestMs: number, retentionMs = shortestMs): number {
  if (retentionMs === Infinity) return retentionMs
  checkDuration(`retentionMs of the store ${store}`, retentionMs)
  if (retentionMs >= shortestMs) return retentionMs
  throw new TypeError(
    `retentionMs ${retentionMs} of the store ${store} is less than its windows and their grace: ${shortestMs}`,
  )
}
