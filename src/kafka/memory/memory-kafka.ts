import { setImmediate as nextTurn } from 'node:timers/promises'
import { ConfigurationError } from '../../errors/configuration-error.ts'
import { KafkaUnreachableError } from '../../errors/kafka-errors.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { GroupConsumer, GroupConsumerOptions } from '../group-consumer.ts'
import type { Kafka } from '../kafka.ts'
import type {
  GroupOffset,
  LogRange,
  NewTopic,
  PartitionOffset,
  TopicDescription,
  TopicSize,
} from '../topics-and-offsets.ts'
import type { TransactionalProducer } from '../transactional-producer.ts'
import type { MemoryBroker } from './memory-broker.ts'
import { MemoryGroupConsumer } from './memory-group-consumer.ts'
import { MemoryTransactionalProducer } from './memory-transactional-producer.ts'

/** What a {@link MemoryKafka} is made of. */
export interface MemoryKafkaOptions {
  readonly broker: MemoryBroker
  readonly recordsPerBatch: number
  /** Ids of members, unique in the broker. */
  readonly createMemberId: () => string
  readonly logger: Logger
}

/** A client of the broker in memory. */
export class MemoryKafka implements Kafka {
  readonly #options: MemoryKafkaOptions
  readonly #broker: MemoryBroker
  readonly #consumers = new Set<GroupConsumer>()
  readonly #producers = new Set<TransactionalProducer>()
  #isClosed = false

  constructor(options: MemoryKafkaOptions) {
    this.#options = options
    this.#broker = options.broker
  }

  async describeTopics(topics: readonly string[]): Promise<Map<string, TopicDescription>> {
    this.#failIfClosed()
    const described = topics.map((topic) => [topic, this.#broker.topics.describe(topic)] as const)
    return new Map(described.flatMap(([topic, found]) => (found ? [[topic, found] as const] : [])))
  }

  async listTopics(): Promise<readonly string[]> {
    this.#failIfClosed()
    return this.#broker.topics.names
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    this.#failIfClosed()
    for (const topic of topics) this.#broker.topics.create(topic)
  }

  async growTopics(topics: readonly TopicSize[]): Promise<void> {
    this.#failIfClosed()
    for (const topic of topics) this.#broker.topics.grow(topic)
  }

  async logRanges(partitions: readonly TopicPartition[]): Promise<Map<string, LogRange>> {
    this.#failIfClosed()
    return new Map(
      partitions.map((partition) => [
        formatTopicPartition(partition),
        this.#broker.topics.log(partition).range,
      ]),
    )
  }

  async offsetsAt(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, bigint>> {
    this.#failIfClosed()
    return new Map(
      partitions.flatMap((partition) => {
        const offset = this.#broker.topics.log(partition).offsetAt(timestamp)
        return offset === undefined ? [] : [[formatTopicPartition(partition), offset]]
      }),
    )
  }

  async deleteRecords(before: readonly PartitionOffset[]): Promise<void> {
    this.#failIfClosed()
    for (const { topic, partition, offset } of before) {
      if (this.#broker.topics.log({ topic, partition }).deleteBefore(offset)) continue
      const fields = {
        topic,
        partition,
        before: offset,
        reason: 'the offset is past the end of the log',
      }
      this.#options.logger.warn('records were not deleted', fields)
    }
  }

  async groupOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<Map<string, GroupOffset>> {
    this.#failIfClosed()
    const committed = this.#broker.offsetsOf(groupId)
    const asked = partitions.map(formatTopicPartition)
    return new Map(
      asked.flatMap((key) => (committed.has(key) ? [[key, committed.get(key)!] as const] : [])),
    )
  }

  /** There are no groups by the consumer protocol here. */
  async countMembers(): Promise<number> {
    this.#failIfClosed()
    return 0
  }

  groupConsumer(options: GroupConsumerOptions): GroupConsumer {
    if (options.groupProtocol === 'consumer')
      throw new ConfigurationError("the broker in memory has no groupProtocol 'consumer'")
    const { createMemberId, recordsPerBatch } = this.#options
    const consumer = new MemoryGroupConsumer(this.#broker, {
      ...options,
      memberId: createMemberId(),
      recordsPerBatch,
    })
    this.#consumers.add(consumer)
    return consumer
  }

  async transactionalProducer(transactionalId: string): Promise<TransactionalProducer> {
    this.#failIfClosed()
    const producer = new MemoryTransactionalProducer(this.#broker, transactionalId)
    this.#producers.add(producer)
    return producer
  }

  async fence(transactionalId: string): Promise<void> {
    this.#failIfClosed()
    this.#broker.initProducerId(transactionalId)
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    this.#failIfClosed()
    this.#broker.topics.append(records)
    this.#broker.wakeReaders()
    await nextTurn()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()))
    await Promise.all([...this.#producers].map((producer) => producer.close()))
  }

  #failIfClosed(): void {
    if (this.#isClosed) throw new KafkaUnreachableError(['memory'])
  }
}
