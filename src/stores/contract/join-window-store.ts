import type { MaybePromise } from '../../model/maybe-promise.ts'

/** A record of one side of a join, as the other side finds it. */
export interface JoinPartner<V> {
  readonly value: V
  /** Milliseconds. */
  readonly timestamp: number
}

/** The records of one side of a stream-stream join. One is found as long as it is not older than the newest by the retention. */
export interface JoinWindowStore<K, V> {
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold a record. */
  check(key: K, timestamp: number, value: V): void
  /**
   * Adds a record; one that is too old to be found ever is told of and left out.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold it.
   */
  add(key: K, timestamp: number, value: V): MaybePromise
  /** The records of a key from one time to another, both included, by time and then as they came. */
  fetch(key: K, from: number, to: number): MaybePromise<readonly JoinPartner<V>[]>
}
