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
 * ```
 */
export const stores = Object.freeze({
  /** A value for each key. */
  keyValue: <K, V>(options: StoreBuilderOptions<K, V>): StoreBuilder<KeyValueStore<K, V>> =>
    build('plain', { ...common(options), kind: 'key-value' }),

  /** A value for each key, with the time that its writer gives it. */
  timestampedKeyValue: <K, V>(
    options: StoreBuilderOptions<K, V>,
  ): StoreBuilder<TimestampedKeyValueStore<K, V>> =>
    build('timestamped', { ...common(options), kind: 'key-value' }),

  /**
   * A value for each key and window.
   * @throws TypeError when the retention is shorter than the windows, or either is no number of milliseconds.
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
