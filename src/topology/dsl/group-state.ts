import type { Serde } from '../../serdes/serde.ts'

/** What is known of a group while it is being defined. */
export interface GroupState {
  /** Name of the node whose output is grouped. */
  readonly node: string
  readonly key: Serde<unknown>
  /** Of values as they are in the store of a `reduce`. */
  readonly value: Serde<unknown>
  /** Of values on their way through a repartition topic. */
  readonly repartitionValue: Serde<unknown>
  readonly needsRepartition: boolean
  /** The user's name for the repartition topic. */
  readonly name: string | undefined
}
