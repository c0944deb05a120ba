import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ValueAndTimestamp } from './key-value-store.ts'

/** What became of a version that was put. */
export interface PutVersion {
  /** It was not too old to be kept. */
  readonly isKept: boolean
  /** When the next version begins, milliseconds; absent for the latest. */
  readonly validTo?: number
}

/** A version of a row. */
export interface VersionedRecord<V> extends ValueAndTimestamp<V> {
  /** When the next version begins, milliseconds; absent for the latest. */
  readonly validTo?: number
}

/** All versions of each row, as far back as the history goes. A row's latest version stays, however old it is. */
export interface VersionedStore<K, V> {
  /**
   * Adds a version, or replaces the one of the same time; null: there is no row from then on.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold it.
   */
  putVersion(key: K, value: V | null, timestamp: number): MaybePromise<PutVersion>
  /** The row as it is now, with the time of its version. */
  get(key: K): MaybePromise<VersionedRecord<V> | undefined>
  /** The row as it was at a time; nothing where that lies before the history, unless the latest version is older still. */
  getAsOf(key: K, timestamp: number): MaybePromise<VersionedRecord<V> | undefined>
}
