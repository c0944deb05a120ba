import { afterEach, describe, expect, test } from '@jest/globals'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import type { SuiteContext } from './suite-context.ts'
import type { Codec, CodecSupport } from './support/codecs.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { eventually } from './support/eventually.ts'
import { uniqueName } from './support/names.ts'
import { record } from './support/records.ts'

const KEYS = 10
const SEGMENT_MS = 50
const COMPACTED = {
  'cleanup.policy': 'compact',
  'segment.ms': `${SEGMENT_MS}`,
  'min.cleanable.dirty.ratio': '0.01',
  'min.compaction.lag.ms': '0',
}

/** What only a real broker does to a log: compacts it, and compresses its batches. */
export function brokerLogSuite(context: SuiteContext, codecs: CodecSupport): void {
  describe('a log on a broker', () => {
    const probes: ConsumerProbe[] = []
    afterEach(async () => {
      await Promise.all(probes.map(({ consumer }) => consumer.stop()))
      expect(probes.splice(0).flatMap(({ violations }) => violations)).toEqual([])
    })

    const createLog = async (config: Record<string, string>): Promise<TopicPartition> => {
      const topic = uniqueName('topic')
      await context.kafka.createTopics([{ topic, partitions: 1, config }])
      return { topic, partition: 0 }
    }

    const startProbe = async (partition: TopicPartition): Promise<ConsumerProbe> => {
      const probe = new ConsumerProbe(context.kafka, { partitions: [partition] })
      probes.push(probe)
      await probe.consumer.start()
      return probe
    }

    test('that was compacted is read over its gaps, from any offset', async () => {
      const partition = await createLog(COMPACTED)
      let end = 0
      const append = async () => {
        const key = Buffer.from(end === 0 ? 'stays' : `${end % KEYS}`)
        // A segment is as long as the times in it say: each record begins a new one.
        const timestamp = Date.now() + end * SEGMENT_MS * 2
        await context.kafka.produce([record(partition.topic, { key, timestamp, text: `${end}` })])
        end++
      }
      const probe = await startProbe(partition)
      const readFrom = async (offset: number): Promise<number[]> => {
        const before = probe.texts.length
        probe.fetchFrom(partition, BigInt(offset))
        await probe.reaches(partition, BigInt(end))
        return probe.texts.slice(before).map(Number)
      }
      let texts: number[] = []
      const deadline = performance.now() + 60_000
      do {
        for (let i = 0; i < KEYS; i++) await append()
        texts = await readFrom(0)
      } while (texts.length > end / 2 && performance.now() < deadline)
      expect(texts.length).toBeLessThanOrEqual(end / 2)
      // The first record stays: behind it is a gap, in which a position may be. What is compacted further meanwhile is missing then.
      const behindFirst = await readFrom(1)
      expect(texts[0]).toBe(0)
      expect(texts).toEqual(expect.arrayContaining(behindFirst))
      expect(behindFirst[0]).toBeGreaterThan(1)
      const newest = Array.from({ length: KEYS }, (_, i) => end - KEYS + i)
      for (const read of [texts, behindFirst]) expect(read.slice(-KEYS)).toEqual(newest)
      expect(probe.failures).toEqual([])
    }, 90_000)

    const write = async (codec: Codec): Promise<TopicPartition> => {
      const partition = await createLog({ 'compression.type': codec })
      const texts = Array.from({ length: 200 }, (_, i) => `${i} ${'x'.repeat(i)}`)
      await context.kafka.produce(texts.map((text) => record(partition.topic, { text })))
      return partition
    }

    for (const codec of codecs.unreadable)
      test(`whose batches are compressed by ${codec} fails with a reason that names it`, async () => {
        const partition = await write(codec)
        const probe = await startProbe(partition)
        probe.fetchFrom(partition, 0n)
        await eventually('the failure', () => probe.failures.length > 0)
        expect(probe.failures).toMatchObject([{ code: 'CONSUMER_FAILED' }])
        expect(probe.failures[0]!.message.toLowerCase()).toContain(codec)
      })

    test.each(codecs.readable)('whose batches are compressed by %s is read', async (codec) => {
      const partition = await write(codec)
      const probe = await startProbe(partition)
      codecs.register?.(codec)
      probe.fetchFrom(partition, 0n)
      await probe.reaches(partition, 200n)
      expect(probe.texts[199]).toBe(`199 ${'x'.repeat(199)}`)
    })
  })
}
