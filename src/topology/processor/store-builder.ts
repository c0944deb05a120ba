import type { Serde } from '../../serdes/serde.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import type { SessionStore } from '../../stores/contract/session-store.ts'
import type { StoreMigration } from '../../stores/contract/store-migration.ts'
import type { WindowStore } from '../../stores/contract/window-store.ts'
import { checkName } from '../graph/check-name.ts'
import { checkHistory } from '../dsl/check-history.ts'
import type { Reads } from '../dsl/options.ts'
import { storeVersion } from '../dsl/store-version.ts'
import type {
  KeyValueStore,
  TimestampedKeyValueStore,
  VersionedKeyValueStore,
} from './state-store.ts'

declare const built: unique symbol

/** How processors see the rows of a store. */
export type StoreForm = 'plain' | 'timestamped' | 'window' | 'session' | 'versioned'

/** A store that can be attached to processors: those with the same builder share the store. */
export interface StoreBuilder<Store = unknown> {
  /** For the compiler only, there is no such property. */
  readonly [built]?: Store
  readonly name: string
  /** @internal */
  readonly form: StoreForm
  /** @internal */
  readonly definition: StoreDefinition
}

/** What every store is made of. */
export interface StoreBuilderOptions<K, V> {
  /** Of the store and of its table. */
  readonly name: string
  readonly key: Reads<K>
  readonly value: Reads<V>
  /**
   * Of what is in the rows, 1 unless given. A start with a higher version than that of the table migrates its rows before it
   * processes anything; one with a lower version is refused.
   */
  readonly version?: number
  /**
   * What becomes of each row of an earlier version. Values are read with the store's own serde; where it has changed, see
   * {@link migrateFrom}. Without it rows stay as they are.
   */
  readonly migrate?: StoreMigration<NonNullable<K>, NonNullable<V>>
}

/** Options of a window store. */
export interface WindowStoreBuilderOptions<K, V> extends StoreBuilderOptions<K, V> {
  /** From the start of a window to its end. */
  readonly windowSizeMs: number
  /** How long windows are kept, by stream time, behind the newest; at least their size. */
  readonly retentionMs: number
}

/** Options of a session store. */
export interface SessionStoreBuilderOptions<K, V> extends StoreBuilderOptions<K, V> {
  /** How far the end of a session may lie behind the latest, by stream time, until it expires. */
  readonly retentionMs: number
}

/** Options of a store of versions. */
export interface VersionedStoreBuilderOptions<K, V> extends StoreBuilderOptions<K, V> {
  /** How far back rows are known as they were. */
  readonly historyRetentionMs: number
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
   * @example Rows that time out: a minute after the last record of its key a row is deleted, and a tombstone says so.
   * ```ts
   * const latest = stores.keyValue({ name: 'latest', key: serdes.string, value: serdes.double })
   * amounts.process<string, number | null>({
   *   get: () => ({
   *     process: (record, context) => {
   *       context.store(latest).put(record.key, record.value)
   *       context.timers.set(record.key, record.timestamp + 60_000)
   *       return context.forward(record)
   *     },
   *     onTimer: async ({ key, at }, context) => {
   *       await context.store(latest).delete(key)
   *       await context.forward({ key, value: null, timestamp: at, headers: [] })
   *     },
   *   }),
   * }, { stores: [latest] })
   * // in : ('a', 1) at 0 s, ('b', 2) at 20 s, ('b', 3) at 70 s
   * // out: ('a', 1) at 0 s, ('b', 2) at 20 s, ('a', null) at 60 s, ('b', 3) at 70 s
   * ```
   */
  keyValue: <K, V>(options: StoreBuilderOptions<K, V>): StoreBuilder<KeyValueStore<K, V>> =>
    build('plain', { ...migrated(options), kind: 'key-value' }),

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
    build('timestamped', { ...migrated(options), kind: 'key-value' }),

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
    return build('window', { ...migrated(options), kind: 'window', ...times })
  },

  /**
   * A value for each session of a key.
   *
   * @throws TypeError when the retention is no number of milliseconds.
   * @example
   * ```ts
   * const visits = stores.session({ name: 'visits', key: serdes.string, value: serdes.double, retentionMs: 1_000 })
   * amounts.processValues(async (record, context) => {
   *   const { key, value, timestamp } = record
   *   const store = context.store(visits)
   *   const [before] = await store.findSessions(key, timestamp - 10, timestamp)
   *   if (before) await store.remove(before.key)
   *   const total = (before?.value ?? 0) + value
   *   await store.put({ key, start: before?.key.start ?? timestamp, end: timestamp }, total)
   *   await context.forward({ ...record, value: total })
   * }, { stores: [visits] })
   * // in : ('a', 1) at 5, ('a', 2) at 12, ('a', 3) at 40
   * // out: ('a', 1) ('a', 3) ('a', 3)
   * ```
   */
  session: <K, V>(options: SessionStoreBuilderOptions<K, V>): StoreBuilder<SessionStore<K, V>> => {
    const { name, retentionMs } = options
    if (!(retentionMs >= 1))
      throw new TypeError(`store ${name}: sessions cannot be kept for ${retentionMs} ms`)
    const times = { retentionMs, emitsOnClose: false }
    return build('session', { ...migrated(options), kind: 'session', ...times })
  },

  /**
   * The versions of each row, by the times from which they were valid.
   *
   * @throws TypeError when the history is no whole number of milliseconds.
   * @example
   * ```ts
   * const prices = stores.versioned({ name: 'prices', key: serdes.string, value: serdes.double, historyRetentionMs: 1_000 })
   * amounts.processValues(async (record, context) => {
   *   const store = context.store(prices)
   *   await store.put(record.key, record.value, record.timestamp)
   *   const before = await store.get(record.key, record.timestamp - 10)
   *   await context.forward({ ...record, value: before?.value ?? 0 })
   * }, { stores: [prices] })
   * // in : ('tea', 2) at 5, ('tea', 3) at 12, ('tea', 4) at 22
   * // out: ('tea', 0) ('tea', 0) ('tea', 3)
   * ```
   */
  versioned: <K, V>(
    options: VersionedStoreBuilderOptions<K, V>,
  ): StoreBuilder<VersionedKeyValueStore<K, V>> => {
    const { name, historyRetentionMs } = options
    checkHistory(name, historyRetentionMs)
    return build('versioned', { ...migrated(options), kind: 'versioned', historyRetentionMs })
  },
})

function migrated<K, V>(options: StoreBuilderOptions<K, V>) {
  const { name: store, version, migrate } = options
  const versioned = {
    store,
    ...(version !== undefined && { version }),
    ...(migrate && { migrate }),
  }
  return { ...common(options), ...storeVersion(versioned, options.value as Serde<unknown>) }
}

function common<K, V>({ name, key, value }: StoreBuilderOptions<K, V>) {
  const serdes = { key: key as Serde<unknown>, value: value as Serde<unknown> }
  // Nothing is forwarded from it, and Kafka Streams has no cache there unless asked.
  return { name: checkName(name), ...serdes, cache: false }
}

function build<Store>(form: StoreForm, definition: StoreDefinition): StoreBuilder<Store> {
  return Object.freeze({ name: definition.name, form, definition: Object.freeze(definition) })
}
