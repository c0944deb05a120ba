import type { KafkaAdapter } from '../kafka.ts'
import { MemoryBroker } from './memory-broker.ts'
import { MemoryKafka } from './memory-kafka.ts'

/** Options of {@link memoryKafka}. */
export interface MemoryKafkaAdapterOptions {
  /** How many offsets a batch covers at most. */
  readonly recordsPerBatch?: number
}

/** A broker in this process, and what only a test can do to it. */
export interface MemoryKafkaAdapter extends KafkaAdapter {
  /** Ends the session of a member as the broker does when no heartbeat came; it joins again by itself. */
  expireMember(groupId: string, memberId: string): void
  /**
   * Leaves the last record of each key in every partition of a topic, as the log cleaner does with `cleanup.policy` `compact`, and
   * tombstones too. Offsets do not change. Whatever the topic's configuration says, this happens at no other time.
   */
  compact(topic: string): void
}

/**
 * A broker in memory, for tests of applications: topics, groups, transactions, fencing and read_committed as in Kafka, one
 * broker for each call and for all that is opened by it. Everything happens in turns of the event loop, in the same order in
 * every run; producing takes at least one turn, so that a loop that produces lets others live. There are no replicas, no retention, no
 * compaction unless it is asked for, no compression and no time-outs.
 */
export function memoryKafka({
  recordsPerBatch = 500,
}: MemoryKafkaAdapterOptions = {}): MemoryKafkaAdapter {
  const broker = new MemoryBroker()
  let members = 0
  return {
    name: 'memory',
    open: async ({ clientId, logger }) => {
      const createMemberId = () => `${clientId}-${++members}`
      return new MemoryKafka({ broker, recordsPerBatch, createMemberId, logger })
    },
    expireMember: (groupId, memberId) => broker.group(groupId).expire(memberId),
    compact: (topic) => broker.topics.compact(topic),
  }
}
