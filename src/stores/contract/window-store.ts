import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { Windowed } from '../../model/windowed.ts'
import type { ValueAndTimestamp } from './key-value-store.ts'

/** A window of a key and what is kept for it. */
export interface WindowEntry<V> extends ValueAndTimestamp<V> {
  /** Milliseconds, included. */
  readonly start: number
}

/** A row of a store with windows or sessions. */
export interface WindowedEntry<K, V> extends ValueAndTimestamp<V> {
  readonly key: Windowed<K>
}

/**
 * A value for each window of a key, as a processor sees it. Windows are known by their starts.
 *
 * Rows expire: when one is put, the store's time is the highest start that was put; what lies further behind than the retention
 * is not found any more. Reads see what the task has staged, and answer at once where the rows of the key are in memory.
 */
export interface WindowStore<K, V> {
  readonly name: string
  /**
   * Stages the value of a window; null or undefined deletes it. A window that has expired is left out and counted.
   * @param timestamp Of the value; by default the window's start.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key or the value.
   */
  put(key: K, value: V | null | undefined, windowStart: number, timestamp?: number): MaybePromise
  /** The value of the window that begins at a time. */
  fetch(key: K, windowStart: number): MaybePromise<V | undefined>
  /** The windows of a key that begin from one time to another, both included; the earliest first. */
  fetch(key: K, from: number, to: number): MaybePromise<readonly WindowEntry<V>[]>
  /**
   * Those of all keys from one to another, both included, by the bytes of the key, then by time; null stands for the first key or the
   * last there is.
   */
  fetch(
    keyFrom: K | null,
    keyTo: K | null,
    from: number,
    to: number,
  ): Promise<readonly WindowedEntry<K, V>[]>
  /** As {@link fetch} of a key, the latest first. */
  backwardFetch(key: K, from: number, to: number): MaybePromise<readonly WindowEntry<V>[]>
  /** As {@link fetch} of several keys, the other way round. */
  backwardFetch(
    keyFrom: K | null,
    keyTo: K | null,
    from: number,
    to: number,
  ): Promise<readonly WindowedEntry<K, V>[]>
  /** The windows of all keys that begin from one time to another, both included; by the bytes of the key, then by time. */
  fetchAll(from: number, to: number): Promise<readonly WindowedEntry<K, V>[]>
  /** As {@link fetchAll}, the other way round. */
  backwardFetchAll(from: number, to: number): Promise<readonly WindowedEntry<K, V>[]>
  /** All windows, by the bytes of the key, then by time. */
  all(): Promise<readonly WindowedEntry<K, V>[]>
  /** As {@link all}, the other way round. */
  backwardAll(): Promise<readonly WindowedEntry<K, V>[]>
}
