import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ValueAndTimestamp } from './key-value-store.ts'
import type { WindowedEntry, WindowEntry } from './window-store.ts'

/** The windows of one key while a record is processed: not to be kept. */
export interface KeyWindows<V> {
  get(start: number): ValueAndTimestamp<V> | undefined
  /** Windows that begin from one time to another, both included; the earliest first. */
  between(from: number, to: number): readonly WindowEntry<V>[]
  /** `undefined` deletes. @throws StoreRefusedError `STORE_REFUSED` */
  put(start: number, entry: ValueAndTimestamp<V> | undefined): void
}

/** A window store as the node that aggregates into it sees it. */
export interface WindowAggregates<K = unknown, V = unknown> {
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key. */
  windowsOf(key: K): MaybePromise<KeyWindows<V>>
  /**
   * The windows that begin up to a time and were not taken before; by their starts, then by the bytes of their keys. Only of
   * stores that emit on close.
   */
  takeClosed(until: number): MaybePromise<readonly WindowedEntry<K, V>[]>
}
