import { KafkaUnreachableError } from '../../../src/errors/kafka-errors.ts'
import type { GroupConsumer, GroupConsumerOptions } from '../../../src/kafka/group-consumer.ts'
import type { Kafka, KafkaAdapter } from '../../../src/kafka/kafka.ts'
import { MemoryKafka } from '../../../src/kafka/memory/memory-kafka.ts'
import type { MemoryBroker } from '../../../src/kafka/memory/memory-broker.ts'
import type {
  GroupOffset,
  LogRange,
  NewTopic,
  PartitionOffset,
  TopicDescription,
  TopicSize,
} from '../../../src/kafka/topics-and-offsets.ts'
import type { TransactionalProducer } from '../../../src/kafka/transactional-producer.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import type { Line, Network } from '../world/network.ts'
import type { SimulatedProcess } from '../world/simulated-process.ts'
import { SimulatedConsumer } from './simulated-consumer.ts'
import { SimulatedProducer } from './simulated-producer.ts'

/** A broker of the simulated world, and how it is reached. */
export interface KafkaSite {
  readonly broker: MemoryBroker
  /** The process that it runs in. */
  readonly process: SimulatedProcess
  readonly network: Network
  /** Told of every member of a group, so that its session can expire. */
  readonly onMember: (client: SimulatedProcess, consumer: SimulatedConsumer) => void
}

/** The adapter that one process opens. */
export function simulatedKafka(site: KafkaSite, client: SimulatedProcess): KafkaAdapter {
  return {
    name: 'simulated',
    open: async ({ clientId, logger }) => {
      let members = 0
      const createMemberId = () => `${clientId}-${client.name}-${++members}`
      const { broker } = site
      const inner = new MemoryKafka({ broker, recordsPerBatch: 20, createMemberId, logger })
      return new SimulatedKafka(site, client, inner)
    },
  }
}

/** A client of the broker in memory with a network in between. */
class SimulatedKafka implements Kafka {
  readonly #site: KafkaSite
  readonly #inner: MemoryKafka
  readonly #line: Line

  constructor(site: KafkaSite, client: SimulatedProcess, inner: MemoryKafka) {
    this.#site = site
    this.#inner = inner
    const failure = (call: string) => new KafkaUnreachableError([`simulated: ${call}`])
    this.#line = { client, server: site.process, failure }
  }

  describeTopics(topics: readonly string[]): Promise<Map<string, TopicDescription>> {
    return this.#call('describeTopics', () => this.#inner.describeTopics(topics))
  }

  listTopics(): Promise<readonly string[]> {
    return this.#call('listTopics', () => this.#inner.listTopics())
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#call('createTopics', () => this.#inner.createTopics(topics))
  }

  growTopics(topics: readonly TopicSize[]): Promise<void> {
    return this.#call('growTopics', () => this.#inner.growTopics(topics))
  }

  logRanges(partitions: readonly TopicPartition[]): Promise<Map<string, LogRange>> {
    return this.#call('logRanges', () => this.#inner.logRanges(partitions))
  }

  offsetsAt(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, bigint>> {
    return this.#call('offsetsAt', () => this.#inner.offsetsAt(partitions, timestamp))
  }

  deleteRecords(before: readonly PartitionOffset[]): Promise<void> {
    return this.#call('deleteRecords', () => this.#inner.deleteRecords(before))
  }

  groupOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<Map<string, GroupOffset>> {
    return this.#call('groupOffsets', () => this.#inner.groupOffsets(groupId, partitions))
  }

  countMembers(): Promise<number> {
    return this.#call('countMembers', () => this.#inner.countMembers())
  }

  groupConsumer(options: GroupConsumerOptions): GroupConsumer {
    const { network, onMember, broker } = this.#site
    const { groupId, groupInstanceId = null } = options
    const consumer = new SimulatedConsumer(network, this.#line, options, {
      createInner: (own) => this.#inner.groupConsumer(own),
      isNameTaken: () => broker.group(groupId).isTaken(groupInstanceId),
    })
    onMember(this.#line.client, consumer)
    return consumer
  }

  async transactionalProducer(transactionalId: string): Promise<TransactionalProducer> {
    const inner = await this.#call('initProducerId', () =>
      this.#inner.transactionalProducer(transactionalId),
    )
    return new SimulatedProducer(this.#site.network, this.#line, inner)
  }

  fence(transactionalId: string): Promise<void> {
    return this.#call('fence', () => this.#inner.fence(transactionalId))
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    await this.#call('produce', () => this.#inner.produce(records), false)
  }

  async close(): Promise<void> {
    await this.#site.network.wait(this.#line.client)
    await this.#inner.close()
  }

  #call<T>(name: string, effect: () => Promise<T>, isRepeatable = true): Promise<T> {
    return this.#site.network.call(this.#line, name, effect, { isRepeatable })
  }
}
