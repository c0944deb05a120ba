import type { MemoryBroker } from '../../../src/kafka/memory/memory-broker.ts'
import { TOPICS } from '../workload/topology.ts'
import { serdes } from '../../../src/serdes/serdes.ts'

/** A record of an output topic as a `read_committed` consumer sees it. */
export interface OutputRecord {
  readonly partition: number
  readonly key: string
  readonly value: string
}

/** All that can be read of a topic, each partition in order. */
export function readTopic(broker: MemoryBroker, topic: string): OutputRecord[] {
  const { partitions } = broker.topics.describe(topic) ?? { partitions: 0 }
  return Array.from({ length: partitions }, (_, partition) =>
    readPartition(broker, topic, partition),
  ).flat()
}

function readPartition(broker: MemoryBroker, topic: string, partition: number): OutputRecord[] {
  const log = broker.topics.log({ topic, partition })
  const { records } = log.read(log.range.start, { limit: Infinity, readCommitted: true })
  return records.map(({ key, value }) => ({
    partition,
    key: textOf(key),
    value: valueOf(topic, value),
  }))
}

function textOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'null' : Buffer.from(bytes).toString()
}

function valueOf(topic: string, bytes: Uint8Array | null): string {
  return topic === TOPICS.counts && bytes
    ? String(serdes.int64.deserialize(bytes, []))
    : textOf(bytes)
}
