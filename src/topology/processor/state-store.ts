import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { KeyValue } from '../processing/functions.ts'

/**
 * A value for each key, in the partition of the task, as a processor sees it.
 *
 * Reads see what the task has staged; what is staged becomes durable with the task's next commit. A key that was read ahead, or is
 * in memory for another reason, is answered at once; otherwise there is a promise. Rows come in the order of the column of keys:
 * text by its UTF-8 bytes, numbers as numbers. Rows that are put while others are read show if their keys are still to come.
 */
export interface KeyValueStore<K, V> {
  readonly name: string
  get(key: K): MaybePromise<V | undefined>
  /**
   * Null and undefined delete.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key or the value.
   */
  put(key: K, value: V | null | undefined): void
  /** Puts a value where there is none, and answers the one that was there. */
  putIfAbsent(key: K, value: V): MaybePromise<V | undefined>
  /** Deletes, and answers what was there. */
  delete(key: K): MaybePromise<V | undefined>
  /** The rows from one key to another, both included; undefined stands for the first or the last there is. */
  range(from?: K, to?: K): AsyncIterable<KeyValue<K, V>>
  /** As {@link range}, from the highest key to the lowest. */
  reverseRange(from?: K, to?: K): AsyncIterable<KeyValue<K, V>>
  all(): AsyncIterable<KeyValue<K, V>>
  reverseAll(): AsyncIterable<KeyValue<K, V>>
  /** The rows whose keys begin with a text. @throws TypeError where keys are no text. */
  prefixScan(prefix: K & string): AsyncIterable<KeyValue<K, V>>
  /** How many rows there are; reads all of them. */
  approximateNumEntries(): Promise<number>
}

/** A value with the time of the record that wrote it for each key: what operators of the DSL keep. */
export type TimestampedKeyValueStore<K, V> = KeyValueStore<K, ValueAndTimestamp<V>>
