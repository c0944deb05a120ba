import type { Serde } from '../../serdes/serde.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'

/** What is known of a stream while it is being defined. */
export interface StreamState {
  /** Name of the node whose output it is. */
  readonly node: string
  /** The serdes that travel along; types have checked, where they are used, that they fit. */
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  /**
   * The key may not be the one of the partition any more: the next operator that needs it there
   * repartitions.
   */
  readonly keyChanged: boolean
  /**
   * The value was made by a function: no type says whether a repartition after `groupByKey` may use
   * `value`.
   */
  readonly valueMapped: boolean
}

/** The serde that two streams have in common. */
export function commonSerde(one: Serde<unknown>, other: Serde<unknown>): Serde<unknown> {
  return one.name === other.name ? one : MISSING_SERDE
}
