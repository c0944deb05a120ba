import { afterEach, describe, expect, test } from '@jest/globals'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { openTransaction } from './support/open-transaction.ts'
import { record } from './support/records.ts'

/** Some 300 records. */
const ROUNDS = 24
const KEY_ZERO = Buffer.from([0, 0, 0, 0])

export function readCommittedSuite(context: SuiteContext): void {
  describe('read_committed', () => {
    const probes: ConsumerProbe[] = []
    afterEach(async () => {
      await Promise.all(probes.map(({ consumer }) => consumer.stop()))
      expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
    })

    const startProbe = async (
      kafka: Kafka,
      partition: TopicPartition,
      isolation?: 'read_uncommitted',
    ) => {
      const probe = new ConsumerProbe(kafka, {
        partitions: [partition],
        fetchesAll: true,
        ...(isolation ? { isolation } : {}),
      })
      probes.push(probe)
      await probe.consumer.start()
      return probe
    }

    /**
     * Rounds of three transactions that are open at once. They begin in one order and end in another, some committed and some
     * aborted; records with the key of an abort marker are among the aborted. Answers with the texts that were committed.
     */
    const interleave = async ({ topic, partition }: TopicPartition): Promise<string[]> => {
      const committed: string[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const open = []
        for (let member = 0; member < 3; member++) {
          const texts = Array.from(
            { length: 1 + ((round * 5 + member * 3) % 7) },
            (_, i) => `${round}.${member}.${i}`,
          )
          const records = texts.map((text): OutgoingRecord =>
            record(topic, { partition, text, key: KEY_ZERO }),
          )
          open.push({ texts, transaction: await openTransaction(context.kafka, records) })
        }
        for (const [index, { texts, transaction }] of rotate(open, round).entries()) {
          const isCommitted = (round + index) % 3 === 0
          if (isCommitted) committed.push(...texts)
          await (isCommitted ? transaction.commit() : transaction.abort())
        }
        await context.kafka.produce([record(topic, { partition, text: `${round}.plain` })])
        committed.push(`${round}.plain`)
      }
      return committed
    }

    test.each([
      ['large', false],
      ['small', true],
    ])(
      'delivers every committed record once and no aborted one, in %s fetches',
      async (_size, smallFetches) => {
        const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
        const committed = await interleave(partition)
        const { end } = (await context.kafka.logRanges([partition])).get(`${partition.topic}-0`)!
        const probe = await startProbe(await context.open({ smallFetches }), partition)
        await probe.reaches(partition, end)
        expect([...probe.texts].sort()).toEqual([...committed].sort())
      },
      60_000,
    )

    test('delivers the same while transactions are still being written', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const probe = await startProbe(context.kafka, partition)
      const committed = await interleave(partition)
      const { end } = (await context.kafka.logRanges([partition])).get(`${partition.topic}-0`)!
      await probe.reaches(partition, end)
      expect([...probe.texts].sort()).toEqual([...committed].sort())
    }, 60_000)

    test('advances over a log in which everything was aborted', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const transaction = await openTransaction(context.kafka, [
        record(partition.topic, { text: 'aborted' }),
      ])
      await transaction.abort()
      const probe = await startProbe(context.kafka, partition)
      await probe.reaches(partition, 2n)
      expect(probe.texts).toEqual([])
      expect(probe.batches.length).toBeGreaterThan(0)
    })

    test('advances over a log that has nothing but control records', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const { topic } = partition
      const transaction = await openTransaction(context.kafka, [record(topic, { text: 'gone' })])
      await transaction.commit()
      await context.kafka.deleteRecords([{ ...partition, offset: 1n }])
      const probe = new ConsumerProbe(context.kafka, { partitions: [partition] })
      probes.push(probe)
      await probe.consumer.start()
      probe.fetchFrom(partition, 1n)
      await probe.reaches(partition, 2n)
      expect(probe.texts).toEqual([])
      await context.kafka.produce([record(topic, { text: 'next' })])
      await probe.reaches(partition, 3n)
      expect(probe.texts).toEqual(['next'])
    })

    test('does not count what is undecided as lag', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const { topic } = partition
      await context.kafka.produce([record(topic, { text: 'decided' })])
      const transaction = await openTransaction(context.kafka, [record(topic, { text: 'open' })])
      const committed = await startProbe(context.kafka, partition)
      await committed.reaches(partition, 1n)
      const uncommitted = await startProbe(context.kafka, partition, 'read_uncommitted')
      await uncommitted.reaches(partition, 2n)
      expect(committed.batches.at(-1)?.endOffset).toBe(1n)
      expect(uncommitted.batches.at(-1)?.endOffset).toBe(2n)
      await transaction.abort()
    })

    test('keeps what is behind an open transaction until that is decided', async () => {
      const [partition, other] = (await createTopic(context.kafka, 2)) as [
        TopicPartition,
        TopicPartition,
      ]
      const { topic } = partition
      const transaction = await openTransaction(context.kafka, [record(topic, { text: 'open' })])
      await context.kafka.produce([record(topic, { text: 'behind' })])
      const probe = await startProbe(context.kafka, partition)
      const impatient = await startProbe(context.kafka, partition, 'read_uncommitted')
      await impatient.reaches(partition, 2n)
      expect(impatient.texts).toEqual(['open', 'behind'])
      await context.kafka.produce([record(topic, { partition: other.partition })])
      expect(probe.texts).toEqual([])
      await transaction.commit()
      await probe.reaches(partition, 3n)
      expect(probe.texts).toEqual(['open', 'behind'])
    })
  })
}

function rotate<T>(items: readonly T[], by: number): T[] {
  return items.map((_, index) => items[(index + by) % items.length]!)
}
