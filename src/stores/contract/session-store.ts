import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { Windowed } from '../../model/windowed.ts'
import type { WindowedEntry } from './window-store.ts'

/**
 * A value for each session of a key, as a processor sees it. Sessions are known by their starts and ends, both included.
 *
 * Rows expire: when one is put, the store's time is the highest end that was put; what ended further behind than the retention is not
 * found any more. Reads see what the task has staged, and answer at once where the rows of the key are in memory.
 */
export interface SessionStore<K, V> {
  readonly name: string
  /**
   * Stages the value of a session; null or undefined deletes it. A session that has expired is left out and counted.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key or the value.
   */
  put(session: Windowed<K>, value: V | null | undefined): MaybePromise
  remove(session: Windowed<K>): MaybePromise
  fetchSession(key: K, start: number, end: number): MaybePromise<V | undefined>
  /** The sessions of a key, by their ends, then their starts. */
  fetch(key: K): MaybePromise<readonly WindowedEntry<K, V>[]>
  /** As {@link fetch}, the latest first. */
  backwardFetch(key: K): MaybePromise<readonly WindowedEntry<K, V>[]>
  /** The sessions of all keys that end from one time to another, both included; by the bytes of the key, then by time. */
  findSessions(earliestEnd: number, latestEnd: number): Promise<readonly WindowedEntry<K, V>[]>
  /** The sessions of a key that end no earlier, and begin no later, than these times; the earliest first. */
  findSessions(
    key: K,
    earliestEnd: number,
    latestStart: number,
  ): MaybePromise<readonly WindowedEntry<K, V>[]>
  /** Those of all keys from one to another, both included, by their bytes; null stands for the first or the last there is. */
  findSessions(
    keyFrom: K | null,
    keyTo: K | null,
    earliestEnd: number,
    latestStart: number,
  ): Promise<readonly WindowedEntry<K, V>[]>
  /** As {@link findSessions} of a key, the latest first. */
  backwardFindSessions(
    key: K,
    earliestEnd: number,
    latestStart: number,
  ): MaybePromise<readonly WindowedEntry<K, V>[]>
  /** As {@link findSessions} of several keys, the other way round. */
  backwardFindSessions(
    keyFrom: K | null,
    keyTo: K | null,
    earliestEnd: number,
    latestStart: number,
  ): Promise<readonly WindowedEntry<K, V>[]>
}
