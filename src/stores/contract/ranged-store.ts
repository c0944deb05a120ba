import type { KeyValueStore, ValueAndTimestamp } from './key-value-store.ts'

/** Keys from one to another; all of them where neither is given. */
export interface KeyInterval<K> {
  /** Included. */
  readonly from?: K | undefined
  /** Included. */
  readonly to?: K | undefined
  /** From the highest key to the lowest. */
  readonly reverse?: boolean
}

/** A row of a key-value store. */
export type StoredRow<K, V> = readonly [key: K, entry: ValueAndTimestamp<V>]

/** A key-value store whose rows can be read in the order of their keys, as the column of its table sorts them. */
export interface RangedStore<K, V> extends KeyValueStore<K, V> {
  /**
   * Rows with all that was staged until they are given, page by page. What is put meanwhile at keys that were passed already is
   * not seen.
   */
  rows(interval: KeyInterval<K>): AsyncIterable<StoredRow<K, V>>
}
