import { groupBy } from '../../model/group-by.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'

/** Partitions as most requests name them: topic by topic. */
export function byTopic<P extends TopicPartition, T>(
  partitions: readonly P[],
  convert: (partition: P) => T,
): { topic: string; partitions: T[] }[] {
  return [...groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic,
    partitions: ofTopic.map(convert),
  }))
}
