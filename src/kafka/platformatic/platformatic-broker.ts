import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  apiVersionsV3,
  clientSoftwareName,
  clientSoftwareVersion,
  createTopicsV7,
  deleteRecordsV2,
  endTxnV3,
  findCoordinatorV4,
  initProducerIdV3,
  listOffsetsV5,
} from '@platformatic/kafka'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { brokerError, type BrokerError } from '../client/broker-error.ts'
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
import type { WireRequest } from '../client/wire/wire-request.ts'
import type { NewTopic, PartitionOffset } from '../topics-and-offsets.ts'
import { Link, type LinkOptions } from './link.ts'
import { refusedPartitions, refusedTopics } from './refusals.ts'
import { sendWire } from './send-wire.ts'

const FETCH = 1
const UNSUPPORTED_VERSION = 35
/** How long the broker may take to delete records before it answers: Java's default. */
const DELETE_TIMEOUT_MS = 5_000

/**
 * A broker by connections of @platformatic/kafka and its functions for single requests, each in the oldest version that both
 * majors have: with those any broker from 3.0 on understands all of them.
 */
export class PlatformaticBroker implements Broker {
  readonly address: BrokerAddress
  readonly #link: Link
  /** A broker answers one connection's requests in order, and may hold a fetch back. */
  readonly #fetchLink: Link
  #versions: ReadonlyMap<number, number> | undefined

  constructor(options: LinkOptions) {
    this.address = options.address
    this.#link = new Link(options)
    this.#fetchLink = new Link(options)
  }

  isConnected(): boolean {
    return this.#link.isOpen && this.#versions !== undefined
  }

  async connect(): Promise<void> {
    if (this.isConnected()) return
    const { apiKeys } = await this.#link.ask((connection) =>
      apiVersionsV3.api.async(connection, clientSoftwareName, String(clientSoftwareVersion)),
    )
    const versions = new Map(apiKeys.map(({ apiKey, maxVersion }) => [apiKey, maxVersion]))
    const { key, version } = findCoordinatorV4.api
    if ((versions.get(key) ?? 0) < version)
      throw brokerError(UNSUPPORTED_VERSION, '@platformatic/kafka needs a broker from 3.0 on')
    this.#versions = versions
  }

  destroy(): void {
    this.#link.destroy()
    this.#fetchLink.destroy()
  }

  maxVersion(apiKey: number): number {
    return this.#versions?.get(apiKey) ?? 0
  }

  send<T>(request: WireRequest<T>): Promise<T> {
    const link = request.apiKey === FETCH ? this.#fetchLink : this.#link
    return link.ask((connection) => sendWire(connection, request), request.timeoutMs)
  }

  async findCoordinator(type: CoordinatorType, key: string): Promise<number> {
    const { coordinators } = await this.#link.ask((connection) =>
      findCoordinatorV4.api.async(connection, type, [key]),
    )
    return coordinators[0]!.nodeId
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<PartitionOffset[]> {
    const at = { currentLeaderEpoch: -1, timestamp: BigInt(timestamp) }
    const topics = named(
      byTopic(partitions, ({ partition }) => ({ partitionIndex: partition, ...at })),
    )
    const answer = await this.#link.ask((connection) =>
      listOffsetsV5.api.async(connection, -1, 0, topics),
    )
    return answer.topics.flatMap(({ name, partitions: found }) =>
      found.map(({ partitionIndex, offset }) => ({
        topic: name,
        partition: partitionIndex,
        offset,
      })),
    )
  }

  createTopics(topics: readonly NewTopic[], timeoutMs: number): Promise<BrokerError[]> {
    const requests = topics.map(toCreate)
    return refusedTopics(
      this.#link.ask((connection) =>
        createTopicsV7.api.async(connection, requests, timeoutMs, false),
      ),
    )
  }

  deleteRecords(before: readonly PartitionOffset[]): Promise<PartitionRefusal[]> {
    const topics = named(
      byTopic(before, ({ partition, offset }) => ({ partitionIndex: partition, offset })),
    )
    return refusedPartitions(
      this.#link.ask((connection) =>
        deleteRecordsV2.api.async(connection, topics, DELETE_TIMEOUT_MS),
      ),
    )
  }

  async initProducerId(transactionalId: string | null, timeoutMs: number): Promise<Producer> {
    const { producerId, producerEpoch } = await this.#link.ask((connection) =>
      initProducerIdV3.api.async(connection, transactionalId, timeoutMs, -1n, -1),
    )
    return { producerId, producerEpoch }
  }

  async addPartitionsToTxn(request: Transaction & { topics: TopicPartitions[] }): Promise<void> {
    const transaction = { ...request, verifyOnly: false, topics: named(request.topics) }
    await this.#link.ask((connection) => addPartitionsToTxnV3.api.async(connection, [transaction]))
  }

  async addOffsetsToTxn(request: Transaction & { groupId: string }): Promise<void> {
    await this.#link.ask((connection) =>
      addOffsetsToTxnV3.api.async(connection, ...who(request), request.groupId),
    )
  }

  async endTxn(request: Transaction & { isCommit: boolean }): Promise<void> {
    await this.#link.ask((connection) =>
      endTxnV3.api.async(connection, ...who(request), request.isCommit),
    )
  }
}

function who({
  transactionalId,
  producerId,
  producerEpoch,
}: Transaction): [string, bigint, number] {
  return [transactionalId, producerId, producerEpoch]
}

/** Topics with the library's word for a topic. */
function named<T>(
  topics: { topic: string; partitions: T[] }[],
): { name: string; partitions: T[] }[] {
  return topics.map(({ topic, partitions }) => ({ name: topic, partitions }))
}

function toCreate({ topic, partitions, replicationFactor = -1, config = {} }: NewTopic) {
  const configs = Object.entries(config).map(([name, value]) => ({ name, value }))
  return { name: topic, numPartitions: partitions, replicationFactor, assignments: [], configs }
}
