import type { TopicPartition } from '../../model/topic-partition.ts'

/**
 * Where the fetching of a partition stands. A new `fetchFrom` makes a new position: an answer that belongs to an old one
 * finds that out by comparing and is dropped.
 */
export interface FetchPosition extends TopicPartition {
  /** Where the next fetch begins: moved when an answer arrives, before it is delivered. */
  nextOffset: bigint
  /** The newest leader epoch of what was fetched up to there; −1 where that is not known. */
  lastEpoch: number
  /** When the last answer came that had nothing and knew of nothing, by the clock that never goes back. */
  emptyAt: number
  /** Being fetched, located, delivered or waiting after a failure. */
  isBusy: boolean
  /** Node id of the leader; unknown until asked and after a failure. */
  leader: number | undefined
  /** Failures since the last success. */
  failures: number
}
