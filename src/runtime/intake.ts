import type { FetchedBatch } from '../kafka/group-consumer.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/** Stands between what is fetched and the tasks. */
export interface Intake {
  /** What of a batch is processed. @throws StreamsError that stops the instance. */
  take(batch: FetchedBatch): FetchedBatch
  /** Up to where a partition was looked at, if more of it was than is processed. */
  seen(partition: TopicPartition): bigint | undefined
}
