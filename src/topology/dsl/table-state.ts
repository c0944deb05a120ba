import type { Serde } from '../../serdes/serde.ts'

/** What is known of a table while it is being defined. */
export interface TableState {
  /** Name of the node whose changes make the table. */
  readonly node: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
}
