import type { Serde } from '../../serdes/serde.ts'

/** What is known of a grouped table while it is being defined. */
export interface TableGroupState {
  /** Name of the node that gives rows the keys of their groups. */
  readonly node: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  /** The user's name for the repartition topic. */
  readonly name: string | undefined
}
