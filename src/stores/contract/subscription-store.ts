import type { MaybePromise } from '../../model/maybe-promise.ts'

/** A row of one table that waits for the row of another one that its foreign key names. */
export interface Subscription {
  readonly primaryKey: unknown
  /** Of the row's value; null where the row was deleted. */
  readonly hash: Uint8Array | null
  /** The partition that the row is in. */
  readonly partition: number
}

/** Who subscribes to the rows of a table, by foreign key. */
export interface SubscriptionStore {
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold it. */
  subscribe(foreignKey: unknown, subscription: Subscription, timestamp: number): MaybePromise
  unsubscribe(foreignKey: unknown, primaryKey: unknown): MaybePromise
  /** In the order of the bytes of primary keys. */
  subscriptionsTo(foreignKey: unknown): MaybePromise<readonly Subscription[]>
}
