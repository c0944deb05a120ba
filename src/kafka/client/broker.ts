/**
 * What is used of kafkajs 2.2.4 below its public surface: its connections (sockets, TLS, SASL, time-outs, throttling) and its
 * requests to coordinators. Its consumer, producer and admin are not used, because their faults cannot be mended from outside:
 * the consumer filters aborted transactions wrongly, skips silently when an offset is out of range, stalls on batches that
 * compaction emptied, sends heartbeats only between batches and sleeps while all is paused; the producer puts all records
 * of a partition into one batch, whatever its size, and fails where CONCURRENT_TRANSACTIONS or a moved coordinator deserve
 * another try; OffsetFetch and Metadata end before RequireStable and topic ids.
 */
export interface Broker {
  readonly nodeId: number | null
  readonly connectionPool: ConnectionPool
  /** By key of the request; known once connected. */
  readonly versions: Readonly<
    Record<number, { readonly minVersion: number; readonly maxVersion: number }>
  > | null
  isConnected(): boolean
  connect(): Promise<void>
  disconnect(): Promise<void>
  findGroupCoordinator(request: {
    groupId: string
    coordinatorType: CoordinatorType
  }): Promise<{ coordinator: { nodeId: number } }>
  joinGroup(request: {
    groupId: string
    sessionTimeout: number
    rebalanceTimeout: number
    memberId: string
    groupProtocols: { name: string; metadata: Buffer }[]
  }): Promise<JoinedGroup>
  syncGroup(request: {
    groupId: string
    generationId: number
    memberId: string
    groupAssignment: { memberId: string; memberAssignment: Buffer }[]
  }): Promise<{ memberAssignment: Buffer }>
  heartbeat(request: {
    groupId: string
    groupGenerationId: number
    memberId: string
  }): Promise<unknown>
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
  listOffsets(request: {
    isolationLevel: 0 | 1
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[]
  }): Promise<{
    responses: { topic: string; partitions: { partition: number; offset: string }[] }[]
  }>
  createTopics(request: { topics: TopicToCreate[]; timeout: number }): Promise<unknown>
  deleteRecords(request: { topics: TopicOffsets[] }): Promise<unknown>
  initProducerId(request: {
    transactionalId: string | null
    transactionTimeout: number
  }): Promise<{ producerId: string; producerEpoch: number }>
  addPartitionsToTxn(
    request: Transaction & { topics: { topic: string; partitions: number[] }[] },
  ): Promise<unknown>
  addOffsetsToTxn(request: Transaction & { groupId: string }): Promise<unknown>
  txnOffsetCommit(
    request: Transaction & { groupId: string; topics: TopicOffsets[] },
  ): Promise<unknown>
  endTxn(request: Transaction & { transactionResult: boolean }): Promise<unknown>
}

/** Which of a broker's two kinds of coordinator. */
export type CoordinatorType = 0 | 1
export const GROUP: CoordinatorType = 0
export const TRANSACTION: CoordinatorType = 1

/** The answer to JoinGroup; only the leader is told the members. */
export interface JoinedGroup {
  readonly generationId: number
  readonly leaderId: string
  readonly memberId: string
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
}

/** Who speaks in the requests of a transaction. */
export interface Transaction {
  readonly transactionalId: string
  readonly producerId: string
  readonly producerEpoch: number
}

/** Offsets of one topic, as kafkajs encodes them. */
export interface TopicOffsets {
  readonly topic: string
  readonly partitions: { partition: number; offset: string; metadata?: string }[]
}

/** A topic as kafkajs creates it. */
export interface TopicToCreate {
  readonly topic: string
  readonly numPartitions: number
  readonly replicationFactor: number
  readonly configEntries: { name: string; value: string }[]
}

/** The two connections to a broker: fetches have their own, because a broker answers one connection's requests in order. */
export interface ConnectionPool {
  readonly host: string
  readonly port: number
  readonly pool: Connection[]
  send(request: object): Promise<unknown>
  destroy(): Promise<void>
}

export interface Connection {
  /** Once it was connected. */
  readonly socket?: { destroy(): void }
  readonly requestQueue: {
    readonly pending: readonly unknown[]
    scheduleCheckPendingRequests(): void
  }
  rejectRequests(error: Error): void
}
