import { describe, expect, test } from '@jest/globals'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { uniqueName } from './support/names.ts'
import { record } from './support/records.ts'

export function topicsSuite(context: SuiteContext): void {
  describe('topics', () => {
    test('a created topic has the partitions asked for', async () => {
      const [{ topic }] = (await createTopic(context.kafka, 3)) as [TopicPartition]
      expect((await context.kafka.describeTopics([topic])).get(topic)).toMatchObject({
        partitions: 3,
      })
    })

    test('a topic that exists stays as it is when it is created again', async () => {
      const [{ topic }] = (await createTopic(context.kafka, 2)) as [TopicPartition]
      const before = await context.kafka.describeTopics([topic])
      await context.kafka.createTopics([{ topic, partitions: 5 }])
      expect(await context.kafka.describeTopics([topic])).toEqual(before)
    })

    test('a topic can be given more partitions, in which records land, and never fewer', async () => {
      const [{ topic }] = (await createTopic(context.kafka, 2)) as [TopicPartition]
      await context.kafka.growTopics([{ topic, partitions: 5 }])
      expect((await context.kafka.describeTopics([topic])).get(topic)).toMatchObject({
        partitions: 5,
      })
      await context.kafka.produce([record(topic, { partition: 4 })])
      const last = { topic, partition: 4 }
      expect(await context.kafka.logRanges([last])).toEqual(
        new Map([[`${topic}-4`, { start: 0n, end: 1n }]]),
      )
      await context.kafka.growTopics([{ topic, partitions: 3 }])
      expect((await context.kafka.describeTopics([topic])).get(topic)).toMatchObject({
        partitions: 5,
      })
    })

    test('twenty instances create the same topics at once', async () => {
      const topics = [uniqueName('topic'), uniqueName('topic')].map((topic) => ({
        topic,
        partitions: 2,
      }))
      await Promise.all(Array.from({ length: 20 }, () => context.kafka.createTopics(topics)))
      expect((await context.kafka.describeTopics(topics.map(({ topic }) => topic))).size).toBe(2)
    })

    test('a topic that does not exist is absent, and asking does not create it', async () => {
      const topic = uniqueName('topic')
      expect(await context.kafka.describeTopics([topic])).toEqual(new Map())
      expect(await context.kafka.describeTopics([topic])).toEqual(new Map())
    })

    test('all topics are listed, but for those that Kafka keeps for itself', async () => {
      const [{ topic }] = (await createTopic(context.kafka, 1)) as [TopicPartition]
      const topics = await context.kafka.listTopics()
      expect(topics).toContain(topic)
      expect(topics.filter((name) => name.startsWith('__'))).toEqual([])
    })

    test.each([
      ['a name', { topic: 'not a name', partitions: 1 }],
      ['a number of partitions', { topic: uniqueName('topic'), partitions: 0 }],
    ])('%s that Kafka does not allow is refused with a code', async (_what, topic) => {
      const created = context.kafka.createTopics([topic])
      await expect(created).rejects.toMatchObject({ code: 'KAFKA_REFUSED' })
    })

    test('a log ranges from its first to its next offset', async () => {
      const [first, second] = await createTopic(context.kafka, 2)
      await context.kafka.produce([record(first!.topic), record(first!.topic)])
      expect(await context.kafka.logRanges([first!, second!])).toEqual(
        new Map([
          [`${first!.topic}-0`, { start: 0n, end: 2n }],
          [`${first!.topic}-1`, { start: 0n, end: 0n }],
        ]),
      )
    })

    test('the first record that is no older than a time is found', async () => {
      const [first, second] = await createTopic(context.kafka, 2)
      const { topic, partition } = first!
      await context.kafka.produce([10, 30, 20].map((timestamp) => record(topic, { timestamp })))
      const offsetAt = async (time: number) =>
        (await context.kafka.offsetsAt([first!, second!], time)).get(`${topic}-${partition}`)
      expect(await offsetAt(0)).toBe(0n)
      expect(await offsetAt(11)).toBe(1n)
      expect(await offsetAt(30)).toBe(1n)
      expect(await offsetAt(31)).toBeUndefined()
    })

    test('the log of a topic that does not exist has no range', async () => {
      const missing = { topic: uniqueName('topic'), partition: 0 }
      await expect(context.kafka.logRanges([missing])).rejects.toMatchObject({
        code: 'TOPIC_MISSING',
      })
    })

    test('records before an offset are deleted, and one bad offset spoils nothing', async () => {
      const [first, second] = await createTopic(context.kafka, 2)
      const records = [0, 0, 0, 1].map((partition) => record(first!.topic, { partition }))
      await context.kafka.produce(records)
      await context.kafka.deleteRecords([
        { ...first!, offset: 2n },
        { ...second!, offset: 50n },
      ])
      expect(await context.kafka.logRanges([first!, second!])).toEqual(
        new Map([
          [`${first!.topic}-0`, { start: 2n, end: 3n }],
          [`${first!.topic}-1`, { start: 0n, end: 1n }],
        ]),
      )
    })

    test('a client can be closed twice', async () => {
      const kafka = await context.open()
      await kafka.produce([record((await createTopic(kafka))[0]!.topic)])
      await kafka.close()
      await expect(kafka.close()).resolves.toBeUndefined()
    })
  })
}
