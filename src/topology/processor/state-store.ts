import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { PutVersion, VersionedRecord } from '../../stores/contract/versioned-store.ts'
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
  /** Puts several at once: null and undefined delete. @throws as {@link put}, and those before are put. */
  putAll(entries: Iterable<KeyValue<K, V | null | undefined>>): void
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
  /** The rows whose keys begin with a text, or with bytes. @throws TypeError where keys are neither. */
  prefixScan(prefix: K & (string | Uint8Array)): AsyncIterable<KeyValue<K, V>>
  /** How many rows there are; reads all of them. */
  approximateNumEntries(): Promise<number>
}

/** A value with the time of the record that wrote it for each key: what operators of the DSL keep. */
export type TimestampedKeyValueStore<K, V> = KeyValueStore<K, ValueAndTimestamp<V>>

/**
 * All versions of each row, as far back as the history goes, as a processor sees them. A row's latest version stays, however old it
 * is. The store's time, by which versions are too old, is the highest that was put.
 */
export interface VersionedKeyValueStore<K, V> {
  readonly name: string
  /**
   * Adds a version, or replaces the one of the same time; null: there is no row from then on. One that is older than the history is
   * left out and counted.
   * @param timestamp Milliseconds.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key or the value.
   */
  put(key: K, value: V | null, timestamp: number): MaybePromise<PutVersion>
  /** Ends the row at a time, and answers what was valid then; nothing where that is older than the history. */
  delete(key: K, timestamp: number): MaybePromise<VersionedRecord<V> | undefined>
  /** The row as it is now. */
  get(key: K): MaybePromise<VersionedRecord<V> | undefined>
  /** The row as it was at a time; nothing where that lies before the history, unless the latest version is older still. */
  get(key: K, asOf: number): MaybePromise<VersionedRecord<V> | undefined>
}
