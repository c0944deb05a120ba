import type { TopicPartition } from '../../model/topic-partition.ts'
import type { BrokerError } from '../client/broker-error.ts'
import type {
  Broker,
  BrokerAddress,
  CoordinatorType,
  PartitionRefusal,
  Producer,
  TopicPartitions,
  Transaction,
} from '../client/broker.ts'
import { byTopic } from '../client/by-topic.ts'
import { ConnectionLostError } from '../client/connection-lost-error.ts'
import type { WireRequest } from '../client/wire/wire-request.ts'
import type { NewTopic, PartitionOffset } from '../topics-and-offsets.ts'
import type { RawBroker, RawTransaction } from './raw-broker.ts'
import { refusals } from './refusals.ts'
import { sendRaw } from './send-raw.ts'
import { translateError } from './translate-error.ts'

/** A broker by kafkajs' own: its words and errors become those of `client`. */
export class KafkaJsBroker implements Broker {
  readonly #raw: RawBroker
  #isDestroyed = false

  constructor(raw: RawBroker) {
    this.#raw = raw
  }

  get address(): BrokerAddress {
    return this.#raw.connectionPool
  }

  isConnected(): boolean {
    return !this.#isDestroyed && this.#raw.isConnected()
  }

  connect(): Promise<void> {
    return this.#ask((raw) => raw.connect())
  }

  /** kafkajs waits for the answers to what was sent before it disconnects, and warns of answers that nobody waits for. */
  destroy(): void {
    this.#isDestroyed = true
    for (const connection of this.#raw.connectionPool.pool) {
      connection.rejectRequests(closedError())
      connection.socket?.destroy()
    }
    this.#raw.connectionPool.destroy().catch(() => undefined)
  }

  maxVersion(apiKey: number): number {
    return this.#raw.versions?.[apiKey]?.maxVersion ?? 0
  }

  send<T>(request: WireRequest<T>): Promise<T> {
    return this.#ask((raw) => sendRaw(raw.connectionPool, request))
  }

  async findCoordinator(coordinatorType: CoordinatorType, groupId: string): Promise<number> {
    const { coordinator } = await this.#ask((raw) =>
      raw.findGroupCoordinator({ groupId, coordinatorType }),
    )
    return coordinator.nodeId
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<PartitionOffset[]> {
    const topics = byTopic(partitions, ({ partition }) => ({ partition, timestamp }))
    const { responses } = await this.#ask((raw) => raw.listOffsets({ isolationLevel: 0, topics }))
    return responses.flatMap(({ topic, partitions: found }) =>
      found.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) })),
    )
  }

  async createTopics(topics: readonly NewTopic[], timeout: number): Promise<BrokerError[]> {
    const request = { topics: topics.map(toCreate), timeout }
    const refused = await refusals(
      this.#ask((raw) => raw.createTopics(request)),
      'errors',
    )
    return refused.map(({ error }) => error)
  }

  /** kafkajs attributes refusals to the first topic of a request: here there is only one. */
  async deleteRecords(before: readonly PartitionOffset[]): Promise<PartitionRefusal[]> {
    const topics = byTopic(before, ({ partition, offset }) => ({ partition, offset: `${offset}` }))
    const refused = await refusals(
      this.#ask((raw) => raw.deleteRecords({ topics })),
      'partitions',
    )
    const topic = before[0]?.topic ?? ''
    return refused.map(({ partition = 0, error }) => ({ topic, partition, error }))
  }

  async initProducerId(
    transactionalId: string | null,
    transactionTimeout: number,
  ): Promise<Producer> {
    const { producerId, producerEpoch } = await this.#ask((raw) =>
      raw.initProducerId({ transactionalId, transactionTimeout }),
    )
    return { producerId: BigInt(producerId), producerEpoch }
  }

  async addPartitionsToTxn(request: Transaction & { topics: TopicPartitions[] }): Promise<void> {
    await this.#ask((raw) => raw.addPartitionsToTxn({ ...request, ...toRaw(request) }))
  }

  async addOffsetsToTxn(request: Transaction & { groupId: string }): Promise<void> {
    await this.#ask((raw) => raw.addOffsetsToTxn({ ...request, ...toRaw(request) }))
  }

  async endTxn({ isCommit, ...transaction }: Transaction & { isCommit: boolean }): Promise<void> {
    await this.#ask((raw) => raw.endTxn({ ...toRaw(transaction), transactionResult: isCommit }))
  }

  /** kafkajs would connect again for a request. */
  async #ask<T>(request: (raw: RawBroker) => Promise<T>): Promise<T> {
    if (this.#isDestroyed) throw closedError()
    try {
      return await request(this.#raw)
    } catch (error) {
      throw translateError(error)
    }
  }
}

function closedError(): ConnectionLostError {
  return new ConnectionLostError('the connection was closed by this client')
}

function toRaw({ transactionalId, producerId, producerEpoch }: Transaction): RawTransaction {
  return { transactionalId, producerId: `${producerId}`, producerEpoch }
}

function toCreate({ topic, partitions, replicationFactor = -1, config = {} }: NewTopic): object {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
  return { topic, numPartitions: partitions, replicationFactor, configEntries }
}
