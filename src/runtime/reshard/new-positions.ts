import type { ReshardEnd } from '../../commit/reshard.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import { formatTopicPartition } from '../../model/topic-partition.ts'
import type { Resize } from './resize.ts'

/** Partitions that are new begin with their first record, which the application would have read if it had known of them. */
export async function newPositions(
  kafka: Kafka,
  { topics, after }: Resize,
): Promise<ReshardEnd['positions']> {
  const sizes = new Map(topics.map(({ topic, from }) => [topic, from]))
  const added = [...after.tasks.values()].flatMap(({ taskId, partitions }) =>
    partitions
      .filter(({ topic, partition }) => partition >= (sizes.get(topic) ?? Infinity))
      .map((partition) => ({ taskId, ...partition })),
  )
  const ranges = await kafka.logRanges(added)
  return added.map((position) => ({
    ...position,
    nextOffset: ranges.get(formatTopicPartition(position))!.start,
    topicId: after.topicIds.get(position.topic),
  }))
}
