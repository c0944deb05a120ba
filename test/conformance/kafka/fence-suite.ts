import { afterEach, describe, expect, test } from '@jest/globals'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { openTransaction } from './support/open-transaction.ts'
import { uniqueName } from './support/names.ts'
import { encoded, record } from './support/records.ts'

const ITERATIONS = process.env['FULL'] === '1' ? 1_000 : 200

export function fenceSuite(context: SuiteContext): void {
  describe('fencing a transactional id', () => {
    const probes: ConsumerProbe[] = []
    afterEach(async () => {
      await Promise.all(probes.map(({ consumer }) => consumer.stop()))
      expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
    })

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

    test('an id that was never used can be fenced, again and again', async () => {
      const transactionalId = uniqueName('tx')
      await context.kafka.fence(transactionalId)
      const begun = performance.now()
      for (let i = 0; i < 20; i++) await context.kafka.fence(transactionalId)
      process.stderr.write(`fence: ${((performance.now() - begun) / 20).toFixed(1)} ms\n`)
    })

    test('a fenced producer cannot transact, and what it had open is aborted', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const groupId = uniqueName('group')
      const producer = await context.kafka.transactionalProducer(uniqueName('tx'))
      const transact = (text: string, beforeEnd?: () => Promise<void>): Promise<void> =>
        producer.transact({
          records: encoded(partition.topic, { text }),
          groupId,
          offsets: [{ ...partition, offset: 1n, metadata: text }],
          beforeEnd,
        })
      await transact('before')
      const fenced = transact('open', () => context.kafka.fence(producer.transactionalId))
      await expect(fenced).rejects.toMatchObject({ code: 'PRODUCER_FENCED' })
      await expect(transact('after')).rejects.toMatchObject({ code: 'TRANSACTION_UNKNOWN' })
      await producer.close()
      expect(await readTexts(partition)).toEqual(['before'])
      expect(
        (await context.kafka.groupOffsets(groupId, [partition])).get(`${partition.topic}-0`)
          ?.metadata,
      ).toBe('before')
    })

    test('an idle producer learns of its fence by its next transaction', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const producer = await context.kafka.transactionalProducer(uniqueName('tx'))
      await context.kafka.fence(producer.transactionalId)
      const transacted = producer.transact({
        records: encoded(partition.topic, { text: 'stale' }),
        groupId: uniqueName('group'),
        offsets: [],
      })
      await expect(transacted).rejects.toMatchObject({ code: 'PRODUCER_FENCED' })
      await producer.close()
      expect(await readTexts(partition)).toEqual([])
    })

    test('a newer producer of the same id fences as well', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const transactionalId = uniqueName('tx')
      const old = await context.kafka.transactionalProducer(transactionalId)
      const young = await context.kafka.transactionalProducer(transactionalId)
      const transaction = {
        records: encoded(partition.topic, { text: 'one' }),
        groupId: 'none',
        offsets: [],
      }
      await expect(old.transact(transaction)).rejects.toMatchObject({ code: 'PRODUCER_FENCED' })
      await young.transact(transaction)
      await Promise.all([old.close(), young.close()])
      expect(await readTexts(partition)).toEqual(['one'])
    })

    test('transactions of other ids go on', async () => {
      const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
      const transaction = await openTransaction(context.kafka, [
        record(partition.topic, { text: 'other' }),
      ])
      await context.kafka.fence(uniqueName('tx'))
      await transaction.commit()
      expect(await readTexts(partition)).toEqual(['other'])
    })

    test(
      `progress read at once after a fence in the middle of an end is what readers see, ${ITERATIONS} times`,
      async () => {
        const [partition] = (await createTopic(context.kafka)) as [TopicPartition]
        const groupId = uniqueName('group')
        const covered: string[] = []
        let fencedCount = 0
        for (let i = 1; i <= ITERATIONS; i++) {
          const producer = await context.kafka.transactionalProducer(uniqueName('tx'))
          let fenced = Promise.resolve()
          const transacted = producer.transact({
            records: encoded(partition.topic, { text: `${i}` }),
            groupId,
            offsets: [{ ...partition, offset: BigInt(i), metadata: `${i}` }],
            beforeEnd: async () => {
              fenced = context.kafka.fence(producer.transactionalId)
              await pause((i % 20) / 10)
            },
          })
          const outcome = await transacted.then(
            () => 'committed',
            (error: { code: string }) => error.code,
          )
          await fenced
          const progress = (await context.kafka.groupOffsets(groupId, [partition])).get(
            `${partition.topic}-0`,
          )
          const isCovered = progress?.offset === BigInt(i)
          if (isCovered) covered.push(`${i}`)
          else fencedCount++
          if (outcome === 'committed')
            expect(progress).toEqual({ offset: BigInt(i), metadata: `${i}` })
          await producer.close()
        }
        process.stderr.write(
          `fenced in the middle of an end: ${fencedCount} aborted of ${ITERATIONS}\n`,
        )
        expect(await readTexts(partition)).toEqual(covered)
      },
      10 * 60_000,
    )
  })
}

/** Milliseconds that a timer is too coarse for: EndTxn shall arrive before, during and after the fence. */
async function pause(durationMs: number): Promise<void> {
  const end = performance.now() + durationMs
  while (performance.now() < end) await nextTurn()
}
