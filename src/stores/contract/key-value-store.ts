/** A value and the timestamp (milliseconds) of the record that wrote it. */
export interface ValueAndTimestamp<V> {
  readonly value: V
  readonly timestamp: number
}

/**
 * Keyed state of one task's partition, as a node of a topology sees it.
 *
 * `get` answers at once when the key was read ahead, or was written or read before and is still cached; otherwise it
 * answers with a promise. Writes are staged: they become durable with the task's next commit, or are forgotten with it.
 * Reads see the task's own staged writes.
 */
export interface KeyValueStore<K, V> {
  readonly name: string
  get(key: K): ValueAndTimestamp<V> | undefined | Promise<ValueAndTimestamp<V> | undefined>
  /**
   * Stages a row; `undefined` deletes it.
   * @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key or the value.
   */
  put(key: K, entry: ValueAndTimestamp<V> | undefined): void
}
