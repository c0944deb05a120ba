import { afterEach, describe, expect, test } from '@jest/globals'
import type { TransactionalProducer } from '../../../src/kafka/transactional-producer.ts'
import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { eventually } from './support/eventually.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { uniqueName } from './support/names.ts'
import { encoded, record } from './support/records.ts'

const BACK_TO_BACK = 100

export function transactionsSuite(context: SuiteContext): void {
  describe('a transactional producer', () => {
    const probes: ConsumerProbe[] = []
    const producers: TransactionalProducer[] = []
    afterEach(async () => {
      await Promise.all(producers.splice(0).map((producer) => producer.close()))
      await Promise.all(probes.map(({ consumer }) => consumer.stop()))
      expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
    })

    const createProducer = async (
      transactionalId = uniqueName('tx'),
    ): Promise<TransactionalProducer> => {
      const producer = await context.kafka.transactionalProducer(transactionalId)
      producers.push(producer)
      return producer
    }

    /** What a read_committed reader finds up to the log's present end. */
    const readTexts = async (partition: TopicPartition): Promise<(string | null)[]> => {
      const { end } = (await context.kafka.logRanges([partition])).get(
        `${partition.topic}-${partition.partition}`,
      )!
      const probe = new ConsumerProbe(context.kafka, { partitions: [partition], fetchesAll: true })
      probes.push(probe)
      await probe.consumer.start()
      if (end > 0n) await probe.reaches(partition, end)
      return probe.texts
    }

    test('publishes records of several partitions, offsets and their metadata together', async () => {
      const [first, second] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      await producer.transact({
        records: encodeRecords([
          record(first.topic, { text: 'a' }),
          record(first.topic, { partition: 1, text: 'b' }),
          record(first.topic, { text: 'c' }),
        ]),
        groupId,
        offsets: [
          { ...first, offset: 7n, metadata: 'x'.repeat(4_000) },
          { ...second, offset: 9n, metadata: '' },
        ],
      })
      expect(await readTexts(first)).toEqual(['a', 'c'])
      expect(await readTexts(second)).toEqual(['b'])
      expect(
        await context.kafka.groupOffsets(groupId, [
          first,
          second,
          { topic: first.topic, partition: 2 },
        ]),
      ).toEqual(
        new Map([
          [`${first.topic}-0`, { offset: 7n, metadata: 'x'.repeat(4_000) }],
          [`${first.topic}-1`, { offset: 9n, metadata: '' }],
        ]),
      )
    })

    test('publishes only offsets, only records, or nothing', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      await producer.transact({
        records: [],
        groupId,
        offsets: [{ ...partition, offset: 3n, metadata: 'm' }],
      })
      await producer.transact({
        records: encoded(partition.topic, { text: 'only' }),
        groupId,
        offsets: [],
      })
      await producer.transact({ records: [], groupId, offsets: [] })
      expect(await readTexts(partition)).toEqual(['only'])
      expect(await context.kafka.groupOffsets(groupId, [partition])).toEqual(
        new Map([[`${partition.topic}-0`, { offset: 3n, metadata: 'm' }]]),
      )
    })

    test('commits offsets of a group that has members without disturbing them', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const probe = new ConsumerProbe(context.kafka, {
        partitions: [partition],
        groupId,
        fetchesAll: true,
      })
      probes.push(probe)
      await probe.consumer.start()
      const producer = await createProducer()
      const offsets = [{ ...partition, offset: 1n, metadata: 'm' }]
      await producer.transact({
        records: encoded(partition.topic, { text: 'a' }),
        groupId,
        offsets,
      })
      await probe.reaches(partition, 1n)
      expect(probe.assignments).toHaveLength(1)
      expect((await context.kafka.groupOffsets(groupId, [partition])).size).toBe(1)
    })

    test('shows its offsets to whoever asks after its end, although their marker may come later', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      for (let offset = 1n; offset <= 50n; offset++) {
        await producer.transact({
          records: [],
          groupId,
          offsets: [{ ...partition, offset, metadata: '' }],
        })
        const found = await context.kafka.groupOffsets(groupId, [partition])
        expect(found.get(`${partition.topic}-0`)?.offset).toBe(offset)
      }
    })

    test('a group that nobody has heard of has no offsets', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      expect(await context.kafka.groupOffsets(uniqueName('group'), [partition])).toEqual(new Map())
    })

    test('ends what it has begun, and aborts it when another follows', async () => {
      const [first, second] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      for (const [text, hasBegun] of [
        ['a', true],
        ['b', false],
        ['c', true],
      ] as const) {
        const offsets = [{ ...first, offset: 1n, metadata: text }]
        const transaction = {
          groupId,
          offsets,
          records: encodeRecords([
            record(first.topic, { text }),
            record(first.topic, { text, partition: 1 }),
          ]),
        }
        const other = { groupId, offsets, records: encoded(first.topic, { text: 'other' }) }
        producer.begin(hasBegun ? transaction : other)
        await producer.transact(transaction)
      }
      expect([await readTexts(first), await readTexts(second)]).toEqual([
        ['a', 'b', 'c'],
        ['a', 'b', 'c'],
      ])
    })

    test('shows nothing of what it has only begun', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const probe = new ConsumerProbe(context.kafka, { partitions: [partition], fetchesAll: true })
      probes.push(probe)
      await probe.consumer.start()
      const producer = await createProducer()
      producer.begin({
        records: encoded(partition.topic, { text: 'never' }),
        groupId,
        offsets: [{ ...partition, offset: 1n, metadata: '' }],
      })
      await producer.transact({ records: [], groupId, offsets: [] })
      await context.kafka.produce([record(partition.topic, { text: 'plain' })])
      await eventually('the record behind it', () => probe.texts.includes('plain'))
      expect(probe.texts).toEqual(['plain'])
    })

    test('leaves nothing open when nothing came of what it has begun', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      const offsets = [{ ...partition, offset: 1n, metadata: '' }]
      producer.begin({ records: encoded(partition.topic, { text: 'not kept' }), groupId, offsets })
      await producer.transact({ records: [], groupId, offsets: [] })
      await producer.transact({
        records: encoded(partition.topic, { text: 'sent' }),
        groupId: uniqueName('group'),
        offsets: [],
      })
      expect(await readTexts(partition)).toEqual(['sent'])
      expect(await context.kafka.groupOffsets(groupId, [partition])).toEqual(new Map())
    })

    test('is fenced all the same between the beginning and the end of a transaction', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      const records = encoded(partition.topic, { text: 'stale' })
      const stale = { records, groupId, offsets: [] }
      producer.begin(stale)
      await context.kafka.fence(producer.transactionalId)
      await expect(producer.transact(stale)).rejects.toMatchObject({ code: 'PRODUCER_FENCED' })
      expect(await readTexts(partition)).toEqual([])
    })

    test('shows nothing, neither records nor offsets, before its end', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const probe = new ConsumerProbe(context.kafka, { partitions: [partition], fetchesAll: true })
      probes.push(probe)
      await probe.consumer.start()
      const producer = await createProducer()
      const seen: unknown[] = []
      await producer.transact({
        records: encoded(partition.topic, { text: 'late' }),
        groupId,
        offsets: [{ ...partition, offset: 1n, metadata: '' }],
        beforeEnd: async () => {
          seen.push(...probe.texts)
        },
      })
      await probe.reaches(partition, 1n)
      expect([seen, probe.texts]).toEqual([[], ['late']])
    })

    test(`runs ${BACK_TO_BACK} transactions back to back, in order`, async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      const texts = Array.from({ length: BACK_TO_BACK }, (_, i) => `${i}`)
      const took: number[] = []
      for (const [index, text] of texts.entries()) {
        const begun = performance.now()
        const offsets = [{ ...partition, offset: BigInt(index + 1), metadata: text }]
        await producer.transact({ records: encoded(partition.topic, { text }), groupId, offsets })
        took.push(performance.now() - begun)
      }
      took.sort((a, b) => a - b)
      process.stderr.write(
        `transact back to back: p50 ${took[50]?.toFixed(1)} ms, p99 ${took[98]?.toFixed(1)} ms\n`,
      )
      expect(await readTexts(partition)).toEqual(texts)
      expect(
        (await context.kafka.groupOffsets(groupId, [partition])).get(`${partition.topic}-0`),
      ).toEqual({
        offset: BigInt(BACK_TO_BACK),
        metadata: `${BACK_TO_BACK - 1}`,
      })
    }, 60_000)

    test('takes more than fits into one batch', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const producer = await createProducer()
      const texts = Array.from({ length: 100 }, (_, i) => `${i}`)
      const records = encodeRecords(
        texts.map((text) =>
          record(partition.topic, { key: Buffer.from(text), value: Buffer.alloc(100_000, text) }),
        ),
      )
      await producer.transact({ records, groupId: uniqueName('group'), offsets: [] })
      await producer.transact({ records, groupId: uniqueName('group'), offsets: [] })
      const read = await readTexts(partition)
      expect(read).toEqual(
        [...texts, ...texts].map((text) => Buffer.alloc(100_000, text).toString()),
      )
    })

    test('aborts when the broker refuses a record, and is of no use afterwards', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await createProducer()
      const records = encodeRecords([
        record(partition.topic, { text: 'fits' }),
        record(partition.topic, { value: Buffer.alloc(2_000_000) }),
      ])
      const offsets = [{ ...partition, offset: 5n, metadata: '' }]
      await expect(producer.transact({ records, groupId, offsets })).rejects.toMatchObject({
        code: 'PRODUCTION_REFUSED',
      })
      await context.kafka.produce([record(partition.topic, { text: 'next' })])
      expect(await readTexts(partition)).toEqual(['next'])
      expect(await context.kafka.groupOffsets(groupId, [partition])).toEqual(new Map())
      const again = producer.transact({ records: [], groupId, offsets: [] })
      await expect(again).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN' })
    })

    test('refuses records for a topic that does not exist', async () => {
      const producer = await createProducer()
      const records = encoded(uniqueName('topic'))
      const transacted = producer.transact({ records, groupId: uniqueName('group'), offsets: [] })
      await expect(transacted).rejects.toMatchObject({ code: 'PRODUCTION_REFUSED' })
    })

    test('leaves a transaction undecided whose end was not reached, until it is fenced', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const transactionalId = uniqueName('tx')
      const groupId = uniqueName('group')
      const producer = await createProducer(transactionalId)
      const transacted = producer.transact({
        records: encoded(partition.topic, { text: 'lost' }),
        groupId,
        offsets: [{ ...partition, offset: 1n, metadata: '' }],
        beforeEnd: () => Promise.reject(new TypeError('killed')),
      })
      await expect(transacted).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN' })
      await producer.close()
      await context.kafka.fence(transactionalId)
      expect(await context.kafka.groupOffsets(groupId, [partition])).toEqual(new Map())
      expect(await readTexts(partition)).toEqual([])
    })

    test('is closed at once in the middle of a transaction, which then fails', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const producer = await createProducer()
      const transacted = producer.transact({
        records: encoded(partition.topic, { text: 'lost' }),
        groupId: uniqueName('group'),
        offsets: [],
        beforeEnd: () => producer.close(),
      })
      await expect(transacted).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN' })
      await expect(producer.close()).resolves.toBeUndefined()
      await context.kafka.fence(producer.transactionalId)
      expect(await readTexts(partition)).toEqual([])
    })
  })
}
