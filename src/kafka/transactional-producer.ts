import type { GroupMembership } from './group-membership.ts'
import type { EncodedRecords } from './record-batch/encoded-records.ts'
import type { PartitionOffset } from './topics-and-offsets.ts'

/** Publishes whole transactions, one after the other, under one transactional id. */
export interface TransactionalProducer {
  readonly transactionalId: string
  /**
   * Sends the contents of the transaction that is to follow, all but its end: {@link transact} with the same object then only has
   * to end it. With another one, an empty one included, what was sent is aborted first. Failures show only in `transact`, which
   * must follow: a transaction that is left alone is taken for a producer that hangs, and fenced.
   */
  begin(transaction: KafkaTransaction): void
  /**
   * One Kafka transaction: the records in order, the offsets of a group, EndTxn(commit). EndTxn is not sent unless every
   * offset was acknowledged. Resolves only when EndTxn was acknowledged.
   *
   * After any rejection the producer is unusable, and what it sent may or may not become visible:
   * @throws ProducerFencedError `PRODUCER_FENCED` when a newer producer has the id.
   * @throws ProductionError `PRODUCTION_REFUSED` when the broker refused a record; the transaction was aborted.
   * @throws TransactionUnknownError `TRANSACTION_UNKNOWN` in every other case.
   */
  transact(transaction: KafkaTransaction): Promise<void>
  /** Closes the connection without deciding anything. Idempotent. */
  close(): Promise<void>
}

/** The contents of one Kafka transaction. */
export interface KafkaTransaction {
  readonly records: readonly EncodedRecords[]
  readonly groupId: string
  readonly offsets: readonly OffsetWithMetadata[]
  /**
   * Which member of the group commits them (KIP-447), asked again when the group has gone on without it: it may be a member again,
   * or of the next generation. Who stays none commits nothing. Without it offsets are committed whoever the members are.
   */
  readonly member?: (() => GroupMembership | undefined) | undefined
  /** Called after everything is sent and before EndTxn: where tests kill and freeze. */
  readonly beforeEnd?: (() => Promise<void>) | undefined
}

/** An offset to commit for a group. */
export interface OffsetWithMetadata extends PartitionOffset {
  readonly metadata: string
}
