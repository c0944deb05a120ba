import type { GroupConsumer } from '../../../src/kafka/group-consumer.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import type { ConsumedRecord } from '../../../src/model/record.ts'
import { formatTopicPartition, type TopicPartition } from '../../../src/model/topic-partition.ts'
import { readAllAssignor } from '../../../src/testing/read-all-assignor.ts'
import { deferred } from '../../support/deferred.ts'
import { uniqueName } from './environment.ts'

/** A record of a topic, with its place. */
export interface ReadRecord extends ConsumedRecord {
  readonly partition: number
}

/** Reads all committed records of a topic that nobody writes to any more. */
export async function readTopic(kafka: Kafka, topic: string): Promise<ReadRecord[]> {
  const { partitions: count } = (await kafka.describeTopics([topic])).get(topic)!
  const partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }))
  const ranges = await kafka.logRanges(partitions)
  const ends = new Map([...ranges].map(([name, { end }]) => [name, end]))
  const records: ReadRecord[] = []
  const done = deferred()
  const settle = () => [...ends.values()].every((end) => end === 0n) && done.resolve()
  const consumer: GroupConsumer = kafka.groupConsumer({
    groupId: uniqueName('reader'),
    topics: [topic],
    assignor: readAllAssignor(partitions),
    sessionTimeoutMs: 6_000,
    listener: {
      onAssigned: (assigned: readonly TopicPartition[]) => {
        for (const one of assigned)
          consumer.fetchFrom(one, ranges.get(formatTopicPartition(one))!.start)
      },
      onBatch: (batch) => {
        const { partition, nextOffset } = batch
        records.push(...batch.records.take(Infinity).map((record) => ({ ...record, partition })))
        const name = formatTopicPartition(batch)
        if (nextOffset >= ends.get(name)!) ends.set(name, 0n)
        settle()
      },
      onFailed: (error) => done.reject(error),
    },
  })
  settle()
  await consumer.start()
  await done.promise
  await consumer.stop()
  return records
}
