/**
 * What happened to a key of a table; null stands for no row. The value of records between a table's
 * nodes.
 */
export interface Change<V = unknown> {
  readonly newValue: V | null
  /** The value that was forwarded last. */
  readonly oldValue: V | null
  /** A version came after a later one, in a versioned table: the row is not what this says. */
  readonly isOld?: boolean
}
