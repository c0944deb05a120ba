import { afterEach, describe, expect, test } from '@jest/globals'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import type { SuiteContext } from './suite-context.ts'
import type { Codec, CodecSupport } from './support/codecs.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { eventually } from './support/eventually.ts'
import { uniqueName } from './support/names.ts'
import { record } from './support/records.ts'

/** What only a real broker does to a log: it keeps batches as they were compressed, and whose leader appended them. */
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

    test('of which the broker does not know the epoch that was fetched is read on', async () => {
      const partition = await createLog({})
      await context.kafka.produce(['0', '1'].map((text) => record(partition.topic, { text })))
      const probe = await startProbe(partition)
      probe.fetchFrom(partition, 1n, 1_000)
      await probe.reaches(partition, 2n)
      expect([probe.texts, probe.failures]).toEqual([['1'], []])
      expect(probe.batches.at(-1)!.leaderEpoch).toBe(0)
    })

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
