import type { OutgoingRecord } from '../../model/record.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
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
import { Brokers } from './brokers.ts'
import type { Cluster } from './cluster.ts'
import { countMembers } from './count-members.ts'
import type { FetchLimits } from './fetcher.ts'
import { ClientGroupConsumer } from './group-consumer.ts'
import { groupOffsets } from './group-offsets.ts'
import { IdempotentProducer } from './idempotent-producer.ts'
import { initProducerId } from './producer-identity.ts'
import { Topics } from './topics.ts'
import { ClientTransactionalProducer } from './transactional-producer.ts'

/** Kafka through an adapter's connections: one set of connections for questions and fences, own ones for each consumer and producer. */
export class ClientKafka implements Kafka {
  readonly #cluster: Cluster
  readonly #limits: FetchLimits
  readonly #logger: Logger
  readonly #brokers: Brokers
  readonly #topics: Topics
  readonly #producer: IdempotentProducer
  readonly #consumers = new Set<GroupConsumer>()
  readonly #producers = new Set<ClientTransactionalProducer>()

  /** Resolves once a broker has answered. @throws KafkaUnreachableError `KAFKA_UNREACHABLE` when none does. */
  static async open(cluster: Cluster, limits: FetchLimits, logger: Logger): Promise<ClientKafka> {
    const brokers = new Brokers(cluster)
    try {
      await brokers.metadata()
    } catch (error) {
      await brokers.close()
      throw error
    }
    return new ClientKafka(cluster, brokers, limits, logger)
  }

  private constructor(cluster: Cluster, brokers: Brokers, limits: FetchLimits, logger: Logger) {
    this.#cluster = cluster
    this.#brokers = brokers
    this.#limits = limits
    this.#logger = logger
    this.#topics = new Topics(brokers, logger)
    this.#producer = new IdempotentProducer(new Brokers(cluster))
  }

  describeTopics(topics: readonly string[]): Promise<Map<string, TopicDescription>> {
    return this.#topics.describe(topics)
  }

  listTopics(): Promise<readonly string[]> {
    return this.#topics.list()
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#topics.create(topics)
  }

  growTopics(topics: readonly TopicSize[]): Promise<void> {
    return this.#topics.grow(topics)
  }

  logRanges(partitions: readonly TopicPartition[]): Promise<Map<string, LogRange>> {
    return this.#topics.logRanges(partitions)
  }

  offsetsAt(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, bigint>> {
    return this.#topics.offsetsAt(partitions, timestamp)
  }

  deleteRecords(before: readonly PartitionOffset[]): Promise<void> {
    return this.#topics.deleteRecords(before)
  }

  groupOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<Map<string, GroupOffset>> {
    return groupOffsets(this.#brokers, groupId, partitions)
  }

  countMembers(groupId: string): Promise<number> {
    return countMembers(this.#brokers, groupId)
  }

  groupConsumer(options: GroupConsumerOptions): GroupConsumer {
    const consumer = new ClientGroupConsumer(this.#cluster, options, this.#limits, this.#logger)
    this.#consumers.add(consumer)
    return consumer
  }

  async transactionalProducer(transactionalId: string): Promise<TransactionalProducer> {
    const producer = await ClientTransactionalProducer.open(
      new Brokers(this.#cluster),
      transactionalId,
    )
    for (const earlier of this.#producers) if (earlier.isClosed) this.#producers.delete(earlier)
    this.#producers.add(producer)
    return producer
  }

  async fence(transactionalId: string): Promise<void> {
    await initProducerId(this.#brokers, transactionalId)
  }

  produce(records: readonly OutgoingRecord[]): Promise<void> {
    return this.#producer.produce(records)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()))
    await Promise.all([...this.#producers].map((producer) => producer.close()))
    await Promise.all([this.#producer.close(), this.#brokers.close()])
  }
}
