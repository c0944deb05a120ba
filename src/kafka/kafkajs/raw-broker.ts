/**
 * What is used of kafkajs 2.2.4 below its public surface: its connections (sockets, TLS, SASL, time-outs, throttling) and its
 * requests to coordinators. Its consumer, producer and admin are not used, because their faults cannot be mended from outside:
 * the consumer filters aborted transactions wrongly, skips silently when an offset is out of range, stalls on batches that
 * compaction emptied, sends heartbeats only between batches and sleeps while all is paused; the producer puts all records
 * of a partition into one batch, whatever its size, and fails where CONCURRENT_TRANSACTIONS or a moved coordinator deserve
 * another try; OffsetFetch, TxnOffsetCommit and Metadata end before RequireStable, members and topic ids, and its own requests
 * leave static members out.
 */
export interface RawBroker {
  readonly connectionPool: RawConnectionPool
  /** By key of the request; known once connected. */
  readonly versions: Readonly<Record<number, { readonly maxVersion: number }>> | null
  isConnected(): boolean
  connect(): Promise<void>
  findGroupCoordinator(request: {
    groupId: string
    coordinatorType: number
  }): Promise<{ coordinator: { nodeId: number } }>
  listOffsets(request: {
    isolationLevel: 0 | 1
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[]
  }): Promise<{
    responses: { topic: string; partitions: { partition: number; offset: string }[] }[]
  }>
  createTopics(request: { topics: object[]; timeout: number }): Promise<unknown>
  deleteRecords(request: { topics: RawTopicOffsets[] }): Promise<unknown>
  initProducerId(request: {
    transactionalId: string | null
    transactionTimeout: number
  }): Promise<{ producerId: string; producerEpoch: number }>
  addPartitionsToTxn(
    request: RawTransaction & { topics: { topic: string; partitions: number[] }[] },
  ): Promise<unknown>
  addOffsetsToTxn(request: RawTransaction & { groupId: string }): Promise<unknown>
  endTxn(request: RawTransaction & { transactionResult: boolean }): Promise<unknown>
}

/** Who speaks in the requests of a transaction. */
export interface RawTransaction {
  readonly transactionalId: string
  readonly producerId: string
  readonly producerEpoch: number
}

/** Offsets of one topic, as kafkajs encodes them. */
export interface RawTopicOffsets {
  readonly topic: string
  readonly partitions: { partition: number; offset: string }[]
}

/** The two connections to a broker, one of them for fetches. */
export interface RawConnectionPool {
  readonly host: string
  readonly port: number
  readonly pool: RawConnection[]
  send(request: object): Promise<unknown>
  destroy(): Promise<void>
}

export interface RawConnection {
  /** Once it was connected. */
  readonly socket?: { destroy(): void }
  readonly requestQueue: {
    readonly pending: readonly unknown[]
    scheduleCheckPendingRequests(): void
  }
  rejectRequests(error: Error): void
}
