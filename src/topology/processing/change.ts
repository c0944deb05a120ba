/**
 * What happened to a key of a table; null stands for no row. The value of records between a table's
 * nodes.
 */
export interface Change<V = unknown> {
  readonly newValue: V | null
  /** The value that was forwarded last. */
  readonly oldValue: V | null
}
