import type { TopicPartition } from '../../model/topic-partition.ts'

/** Records by the partition that they go to, each group in order. Builds no names: records are many, partitions are few. */
export function byPartition<T extends TopicPartition>(records: readonly T[]): T[][] {
  const topics = new Map<string, Map<number, T[]>>()
  let topic: string | undefined
  let groups = new Map<number, T[]>()
  for (const record of records) {
    if (record.topic !== topic) {
      topic = record.topic
      groups = topics.get(topic) ?? new Map<number, T[]>()
      topics.set(topic, groups)
    }
    const group = groups.get(record.partition)
    if (group) group.push(record)
    else groups.set(record.partition, [record])
  }
  return [...topics.values()].flatMap((ofTopic) => [...ofTopic.values()])
}
