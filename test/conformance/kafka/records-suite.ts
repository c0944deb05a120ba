import { afterEach, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import type { ConsumedRecord, OutgoingRecord } from '../../../src/model/record.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { createTopic, type SuiteContext } from './suite-context.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { uniqueName } from './support/names.ts'
import { record, textOf } from './support/records.ts'

export function recordsSuite(context: SuiteContext): void {
  describe('records', () => {
    const probes: ConsumerProbe[] = []
    afterEach(async () => {
      for (const probe of probes.splice(0)) {
        await probe.consumer.stop()
        expect(probe.violations).toEqual([])
      }
    })

    /** Everything in a topic of one partition, once it holds so many offsets. */
    const readAll = async (topic: string, offsets: bigint): Promise<ConsumedRecord[]> => {
      const probe = new ConsumerProbe(context.kafka, {
        partitions: [{ topic, partition: 0 }],
        fetchesAll: true,
      })
      probes.push(probe)
      await probe.consumer.start()
      await probe.reaches({ topic, partition: 0 }, offsets)
      return probe.batches.flatMap(({ records }) => records)
    }

    const roundTrip = async (records: (topic: string) => OutgoingRecord[]): Promise<void> => {
      const [{ topic }] = (await createTopic(context.kafka)) as [TopicPartition]
      const sent = records(topic)
      await context.kafka.produce(sent)
      const received = await readAll(topic, BigInt(sent.length))
      expect(received.map(plain)).toEqual(sent.map(plain))
    }

    test('null keys and values differ from empty ones', () =>
      roundTrip((topic) => [
        record(topic),
        record(topic, { key: Buffer.alloc(0), value: Buffer.alloc(0) }),
        record(topic, { key: Buffer.from([0, 0, 0, 0]), value: Buffer.from('å') }),
      ]))

    test('headers keep their order, their repetitions and their nulls', () =>
      roundTrip((topic) => [
        record(topic, {
          headers: [
            ['b', Buffer.from('1')],
            ['a', null],
            ['b', Buffer.from('2')],
            ['ünïcode', Buffer.alloc(0)],
          ],
        }),
        record(topic),
      ]))

    test('timestamps go back and forth', () =>
      roundTrip((topic) =>
        [1_700_000_000_000, 0, 1_699_999_999_999, 1, 1_500_000_000_000].map((timestamp) =>
          record(topic, { timestamp }),
        ),
      ))

    test('a record of a million bytes and one of many headers', () =>
      roundTrip((topic) => [
        record(topic, { value: randomBytes(1_000_000) }),
        record(topic, {
          headers: Array.from(
            { length: 300 },
            (_, i) => [`header ${i}`, Buffer.from(`${i}`)] as const,
          ),
        }),
      ]))

    test('more than a broker takes in one batch arrives in order', () =>
      roundTrip((topic) =>
        Array.from({ length: 30_000 }, (_, i) =>
          record(topic, { key: Buffer.from(`${i}`), value: Buffer.alloc(100, i) }),
        ),
      ))

    test('calls that are not awaited keep their order', async () => {
      const [{ topic }] = (await createTopic(context.kafka)) as [TopicPartition]
      const texts = Array.from({ length: 50 }, (_, i) => `${i}`)
      await Promise.all(texts.map((text) => context.kafka.produce([record(topic, { text })])))
      expect((await readAll(topic, 50n)).map(textOf)).toEqual(texts)
    })

    test('a record that is too large is refused with a code, and the next call works', async () => {
      const [{ topic }] = (await createTopic(context.kafka)) as [TopicPartition]
      const tooLarge = context.kafka.produce([record(topic, { value: Buffer.alloc(2_000_000) })])
      await expect(tooLarge).rejects.toMatchObject({ code: 'PRODUCTION_REFUSED' })
      await context.kafka.produce([record(topic, { text: 'fits' })])
      expect((await readAll(topic, 1n)).map(textOf)).toEqual(['fits'])
    })

    test('a topic that does not exist refuses records with a code', async () => {
      const produced = context.kafka.produce([record(uniqueName('topic'))])
      await expect(produced).rejects.toMatchObject({ code: 'PRODUCTION_REFUSED' })
    })
  })
}

function plain({ timestamp, key, value, headers }: OutgoingRecord | ConsumedRecord): object {
  return {
    timestamp,
    key: hex(key),
    value: hex(value),
    headers: headers.map(([name, bytes]) => [name, hex(bytes)]),
  }
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex')
}
