import { afterEach, describe, expect, test } from '@jest/globals'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import type { SuiteContext } from './suite-context.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { uniqueName } from './support/names.ts'
import { record } from './support/records.ts'

const KEYS = 10
const SEGMENT_MS = 50
const CONFIG = {
  'cleanup.policy': 'compact',
  'segment.ms': `${SEGMENT_MS}`,
  'min.cleanable.dirty.ratio': '0.01',
  'min.compaction.lag.ms': '0',
}

/** A topic of one partition that is written until most of it is compacted away: a record that stays, then the same keys again and again. */
class CompactedTopic {
  readonly partition: TopicPartition = { topic: uniqueName('topic'), partition: 0 }
  readonly probe: ConsumerProbe
  readonly #context: SuiteContext
  end = 0

  constructor(context: SuiteContext) {
    this.#context = context
    this.probe = new ConsumerProbe(context.kafka, { partitions: [this.partition] })
  }

  async start(): Promise<void> {
    const { topic } = this.partition
    await this.#context.kafka.createTopics([{ topic, partitions: 1, config: CONFIG }])
    await this.probe.consumer.start()
  }

  /** Each key once more. */
  async append(): Promise<void> {
    const { topic } = this.partition
    for (const last = this.end + KEYS; this.end < last; this.end++) {
      const key = Buffer.from(this.end === 0 ? 'stays' : `${this.end % KEYS}`)
      // A segment is as long as the times in it say: each record begins a new one.
      const timestamp = Date.now() + this.end * SEGMENT_MS * 2
      await this.#context.kafka.produce([record(topic, { key, timestamp, text: `${this.end}` })])
    }
    this.#context.compact?.(topic)
  }

  async readFrom(offset: number): Promise<number[]> {
    const before = this.probe.texts.length
    this.probe.fetchFrom(this.partition, BigInt(offset))
    await this.probe.reaches(this.partition, BigInt(this.end))
    return this.probe.texts.slice(before).map(Number)
  }
}

export function compactionSuite(context: SuiteContext): void {
  describe('a log that was compacted', () => {
    let topic: CompactedTopic
    afterEach(async () => {
      await topic.probe.consumer.stop()
      expect(topic.probe.violations).toEqual([])
    })

    test('is read over its gaps, from any offset', async () => {
      topic = new CompactedTopic(context)
      await topic.start()
      let texts: number[] = []
      const deadline = performance.now() + 60_000
      do {
        await topic.append()
        texts = await topic.readFrom(0)
      } while (texts.length > topic.end / 2 && performance.now() < deadline)
      expect(texts.length).toBeLessThanOrEqual(topic.end / 2)
      // The first record stays: behind it is a gap, in which a position may be. What is compacted further meanwhile is missing then.
      const behindFirst = await topic.readFrom(1)
      expect(texts[0]).toBe(0)
      expect(texts).toEqual(expect.arrayContaining(behindFirst))
      expect(behindFirst[0]).toBeGreaterThan(1)
      const newest = Array.from({ length: KEYS }, (_, i) => topic.end - KEYS + i)
      for (const read of [texts, behindFirst]) expect(read.slice(-KEYS)).toEqual(newest)
      expect(topic.probe.failures).toEqual([])
    }, 90_000)
  })
}
