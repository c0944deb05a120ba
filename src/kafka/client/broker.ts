import type { TopicPartition } from '../../model/topic-partition.ts'
import type { NewTopic, PartitionOffset } from '../topics-and-offsets.ts'
import type { BrokerError } from './broker-error.ts'
import type { WireRequest } from './wire/wire-request.ts'

/**
 * A broker as an adapter shows it: the connections of a client library (sockets, TLS, SASL, time-outs) and the requests that the
 * library encodes as they are needed here. What else is asked of a broker is encoded in `wire` and goes through {@link send}.
 *
 * Fetches have a connection of their own, because a broker answers one connection's requests in order.
 *
 * Every method that asks rejects with a {@link BrokerError} when the answer has an error code, with a `ConnectionLostError`
 * when nobody can say whether the broker saw the request, and with the library's own error when something else is wrong.
 */
export interface Broker {
  /** Where it was looked for; the list that the user gave has no node ids. */
  readonly address: BrokerAddress
  isConnected(): boolean
  /** Connects, or connects again; several at once are one. */
  connect(): Promise<void>
  /** Closes at once and for good: requests under way, and all later ones, fail as on a lost connection. */
  destroy(): void
  /** The newest version of a request that the broker knows, by its key; 0 before it was connected. */
  maxVersion(apiKey: number): number
  send<T>(request: WireRequest<T>): Promise<T>
  /** Node id of the coordinator. */
  findCoordinator(type: CoordinatorType, key: string): Promise<number>
  /** The first offsets at a time, or at `EARLIEST` or `LATEST`. */
  listOffsets(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<readonly PartitionOffset[]>
  /** Resolves with the refusals. */
  createTopics(topics: readonly NewTopic[], timeoutMs: number): Promise<readonly BrokerError[]>
  /** Deletes before offsets of one topic; resolves with the refusals. */
  deleteRecords(before: readonly PartitionOffset[]): Promise<readonly PartitionRefusal[]>
  initProducerId(transactionalId: string | null, timeoutMs: number): Promise<Producer>
  addPartitionsToTxn(request: Transaction & { topics: TopicPartitions[] }): Promise<void>
  addOffsetsToTxn(request: Transaction & { groupId: string }): Promise<void>
  endTxn(request: Transaction & { isCommit: boolean }): Promise<void>
}

export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

/** Which of a broker's two kinds of coordinator. */
export type CoordinatorType = 0 | 1
export const GROUP: CoordinatorType = 0
export const TRANSACTION: CoordinatorType = 1

/** Who speaks in the requests of a transaction. */
export interface Transaction extends Producer {
  readonly transactionalId: string
}

/** What InitProducerId gives. */
export interface Producer {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** Partitions of one topic. */
export interface TopicPartitions {
  readonly topic: string
  readonly partitions: number[]
}

/** Why a request was refused for one partition. */
export interface PartitionRefusal extends TopicPartition {
  readonly error: BrokerError
}
