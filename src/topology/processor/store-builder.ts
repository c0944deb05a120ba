import type { Serde } from '../../serdes/serde.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import type { WindowStore } from '../../stores/contract/window-store.ts'
import { checkName } from '../graph/check-name.ts'
import type { Reads } from '../dsl/options.ts'
import type { KeyValueStore, TimestampedKeyValueStore } from './state-store.ts'

declare const built: unique symbol

/** How processors see the rows of a store. */
export type StoreForm = 'plain' | 'timestamped' | 'window'

/** A store that can be attached to processors: those with the same builder share the store. */
export interface StoreBuilder<Store = unknown> {
  /** For the compiler only, there is no such property. */
  readonly [built]?: Store
  readonly name: string
  readonly form: StoreForm
  readonly definition: StoreDefinition
}

/** What every store is made of. */
export interface StoreBuilderOptions<K, V> {
  /** Of the store and of its table. */
  readonly name: string
  readonly key: Reads<K>
  readonly value: Reads<V>
}

/** Options of a window store. */
export interface WindowStoreBuilderOptions<K, V> extends StoreBuilderOptions<K, V> {
  /** From the start of a window to its end. */
  readonly windowSizeMs: number
  /** How long windows are kept, by stream time, behind the newest; at least their size. */
  readonly retentionMs: number
}

/**
 * Stores for processors; to be attached with the option `stores` of `process` and `processValues`.
 *
 * @example
 * ```ts
 * const seen = stores.keyValue({ name: 'seen', key: serdes.string, value: serdes.string })
 * orders.process(async (record, context) => {
 *   const store = context.store(seen)
 *   if (await store.get(record.key)) return
 *   store.put(record.key, record.value.status)
 *   await context.forward(record)
 * }, { stores: [seen] })
 * // in : ('o1', { status: 'open' }) ('o1', { status: 'paid' })
 * // out: ('o1', { status: 'open' })
 * ```
 */
export const stores = Object.freeze({
  /**
   * A value for each key.
   *
   * @example
   * ```ts
   * const totals = stores.keyValue({ name: 'totals', key: serdes.string, value: serdes.double })
   * amounts.processValues(async (record, context) => {
   *   const total = ((await context.store(totals).get(record.key)) ?? 0) + record.value
   *   context.store(totals).put(record.key, total)
   *   await context.forward({ ...record, value: total })
   * }, { stores: [totals] })
   * // in : ('a', 1) ('a', 2)
   * // out: ('a', 1) ('a', 3)
   * ```
   */
  keyValue: <K, V>(options: StoreBuilderOptions<K, V>): StoreBuilder<KeyValueStore<K, V>> =>
    build('plain', { ...common(options), kind: 'key-value' }),

  /**
   * A value for each key, with the time that its writer gives it.
   *
   * @example
   * ```ts
   * const last = stores.timestampedKeyValue({ name: 'last', key: serdes.string, value: serdes.double })
   * amounts.processValues(async (record, context) => {
   *   const before = await context.store(last).get(record.key)
   *   context.store(last).put(record.key, { value: record.value, timestamp: record.timestamp })
   *   await context.forward({ ...record, value: record.timestamp - (before?.timestamp ?? 0) })
   * }, { stores: [last] })
   * // in : ('a', 1) at 5, ('a', 2) at 12
   * // out: ('a', 5) ('a', 7)
   * ```
   */
  timestampedKeyValue: <K, V>(
    options: StoreBuilderOptions<K, V>,
  ): StoreBuilder<TimestampedKeyValueStore<K, V>> =>
    build('timestamped', { ...common(options), kind: 'key-value' }),

  /**
   * A value for each key and window.
   *
   * @throws TypeError when the retention is shorter than the windows, or either is no number of milliseconds.
   * @example
   * ```ts
   * const recent = stores.window({
   *   name: 'recent', key: serdes.string, value: serdes.double, windowSizeMs: 10, retentionMs: 100,
   * })
   * amounts.processValues(async (record, context) => {
   *   const store = context.store(recent)
   *   await store.put(record.key, record.value, record.timestamp)
   *   const windows = await store.fetch(record.key, record.timestamp - 10, record.timestamp)
   *   await context.forward({ ...record, value: windows.length })
   * }, { stores: [recent] })
   * // in : ('a', 1) at 15, ('a', 2) at 20, ('a', 3) at 40
   * // out: ('a', 1) ('a', 2) ('a', 1)
   * ```
   */
  window: <K, V>(options: WindowStoreBuilderOptions<K, V>): StoreBuilder<WindowStore<K, V>> => {
    const { name, windowSizeMs, retentionMs } = options
    if (!(windowSizeMs >= 1) || !(retentionMs >= windowSizeMs))
      throw new TypeError(
        `store ${name}: the windows of ${windowSizeMs} ms cannot be kept for ${retentionMs} ms`,
      )
    const times = { sizeMs: windowSizeMs, retentionMs, emitsOnClose: false }
    return build('window', { ...common(options), kind: 'window', ...times })
  },
})

function common<K, V>({ name, key, value }: StoreBuilderOptions<K, V>) {
  const serdes = { key: key as Serde<unknown>, value: value as Serde<unknown> }
  return { name: checkName(name), ...serdes, cache: true }
}

function build<Store>(form: StoreForm, definition: StoreDefinition): StoreBuilder<Store> {
  return Object.freeze({ name: definition.name, form, definition: Object.freeze(definition) })
}
