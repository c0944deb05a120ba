import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { WindowedEntry } from './window-store.ts'

/** A session of a key and what is kept for it. */
export interface SessionEntry<V> {
  /** Milliseconds, included. */
  readonly start: number
  /** Milliseconds, included. */
  readonly end: number
  readonly value: V
}

/** The sessions of one key while a record is processed: not to be kept. */
export interface KeySessions<V> {
  /** Sessions that end no earlier, and begin no later, than these times; by their ends, then their starts. */
  overlapping(earliestEnd: number, latestStart: number): readonly SessionEntry<V>[]
  get(start: number, end: number): V | undefined
  /** @throws StoreRefusedError `STORE_REFUSED` */
  put(session: SessionEntry<V>): void
  delete(start: number, end: number): void
}

/** A session store as the node that aggregates into it sees it. */
export interface SessionAggregates<K = unknown, V = unknown> {
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key. */
  sessionsOf(key: K): MaybePromise<KeySessions<V>>
  /**
   * The sessions that end up to a time and were not taken before; by their ends, their starts, then the bytes of their keys.
   * Only of stores that emit on close.
   */
  takeClosed(until: number): MaybePromise<readonly WindowedEntry<K, V>[]>
}
