import {
  ProducerFencedError,
  ProductionError,
  TransactionUnknownError,
} from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import { TransactionSequence } from '../transaction-sequence.ts'
import type { KafkaTransaction, TransactionalProducer } from '../transactional-producer.ts'
import { passingDelayMs } from './admin-request.ts'
import {
  brokerError,
  CODE,
  codeOf,
  failIfRefused,
  isConnectionError,
  isStaleMember,
} from './broker-error.ts'
import { GROUP, TRANSACTION, type Broker, type Transaction } from './broker.ts'
import type { Brokers } from './brokers.ts'
import { byPartition } from '../record-batch/by-partition.ts'
import type { EncodedRecords } from '../record-batch/encoded-records.ts'
import { groupBy } from '../../model/group-by.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import {
  initProducerId,
  TRANSACTION_TIMEOUT_MS,
  type ProducerIdentity,
} from './producer-identity.ts'
import { RecordSender } from './record-sender.ts'
import { backOff, retry } from './retry.ts'
import { txnOffsetCommitRequest } from './wire/txn-offset-commit.ts'

/** A member learns of a new generation within milliseconds, and that it is none any more by its next heartbeat. Guess. */
const STALE_MEMBER_DELAY_MS = { firstMs: 5, lastMs: 100 }

/**
 * A transactional producer step by step.
 *
 * Every step may be repeated (adding partitions and offsets, a batch with its sequence, EndTxn by the same producer epoch),
 * and is, until the transaction's time-out. Right after a commit the coordinator answers CONCURRENT_TRANSACTIONS for some
 * milliseconds while it writes the markers of the last transaction: the step is repeated as fast.
 *
 * A failure that a repetition mended spends the producer too, where a request may still be on its way.
 */
export class ClientTransactionalProducer implements TransactionalProducer {
  readonly transactionalId: string
  readonly #brokers: Brokers
  readonly #sender: RecordSender
  readonly #transaction: Transaction
  readonly #sequence: TransactionSequence
  /**
   * A request of this transaction was given up on a lost connection and repeated on another. The first may still reach the
   * coordinator, and would then commit, or write old offsets into, the next transaction of the same epoch (KIP-890): there
   * must be none.
   */
  #isDoubtful = false

  private constructor(brokers: Brokers, transactionalId: string, identity: ProducerIdentity) {
    this.transactionalId = transactionalId
    this.#brokers = brokers
    this.#sender = new RecordSender(brokers, identity)
    const { producerId, producerEpoch } = identity
    this.#transaction = { transactionalId, producerId, producerEpoch }
    this.#sequence = new TransactionSequence(transactionalId, {
      send: (transaction) => this.#send(transaction),
      end: (isCommit) => this.#end(isCommit),
      explain: (error) => this.#explain(error),
      isSpent: () => this.#isDoubtful,
    })
  }

  /** Resolves with an initialised producer, which owns the connections from then on. */
  static async open(
    brokers: Brokers,
    transactionalId: string,
  ): Promise<ClientTransactionalProducer> {
    try {
      return new ClientTransactionalProducer(
        brokers,
        transactionalId,
        await initProducerId(brokers, transactionalId),
      )
    } catch (error) {
      await brokers.close()
      throw error
    }
  }

  get isClosed(): boolean {
    return this.#brokers.isClosed
  }

  begin(transaction: KafkaTransaction): void {
    this.#sequence.begin(transaction)
  }

  transact(transaction: KafkaTransaction): Promise<void> {
    return this.#sequence.transact(transaction)
  }

  async close(): Promise<void> {
    this.#sequence.close()
    await this.#brokers.close()
  }

  async #send(transaction: KafkaTransaction): Promise<void> {
    // Both are awaited whatever happens to the other: nothing may be on its way any more when the transaction is aborted.
    const sent = await Promise.allSettled([
      this.#sendRecords(transaction.records),
      this.#sendOffsets(transaction),
    ])
    const failed = sent.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  async #sendRecords(records: readonly EncodedRecords[]): Promise<void> {
    if (records.length === 0) return
    await this.#addPartitions(byPartition(records).map(([first]) => first!))
    await this.#sender.send(records, TRANSACTION_TIMEOUT_MS)
  }

  async #addPartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => {
      return { topic, partitions: ofTopic.map(({ partition }) => partition) }
    })
    // The coordinator names no topic when it refuses one that does not exist.
    await this.#sender.locate(partitions, TRANSACTION_TIMEOUT_MS)
    await this.#atCoordinator((broker) =>
      broker.addPartitionsToTxn({ ...this.#transaction, topics }),
    )
  }

  async #sendOffsets({ groupId, offsets, member }: KafkaTransaction): Promise<void> {
    if (offsets.length === 0) return
    await this.#atCoordinator((broker) => broker.addOffsetsToTxn({ ...this.#transaction, groupId }))
    const commit = async (broker: Broker): Promise<void> => {
      const membership = member?.()
      if (member && !membership) throw brokerError(CODE.UNKNOWN_MEMBER_ID, groupId)
      const request = { ...this.#transaction, groupId, offsets, member: membership }
      failIfRefused(await broker.send(txnOffsetCommitRequest(request)), groupId)
    }
    await this.#persist(() => this.#brokers.atCoordinator(GROUP, groupId, commit))
  }

  #end(isCommit: boolean): Promise<void> {
    return this.#atCoordinator((broker) => broker.endTxn({ ...this.#transaction, isCommit }))
  }

  #atCoordinator<T>(request: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#persist(() =>
      this.#brokers.atCoordinator(TRANSACTION, this.transactionalId, request),
    )
  }

  #persist<T>(request: () => Promise<T>): Promise<T> {
    return retry(request, {
      timeoutMs: TRANSACTION_TIMEOUT_MS,
      delayMs: (error, attempt) => {
        this.#isDoubtful ||= isConnectionError(error)
        if (isStaleMember(error)) return backOff(attempt, STALE_MEMBER_DELAY_MS)
        return passingDelayMs(this.#brokers, error, attempt)
      },
    })
  }

  async #explain(error: unknown): Promise<StreamsError> {
    if (isFenced(error)) return new ProducerFencedError(this.transactionalId, { cause: error })
    if (error instanceof ProductionError && (await this.#abort())) return error
    return new TransactionUnknownError(this.transactionalId, { cause: error })
  }

  async #abort(): Promise<boolean> {
    try {
      await this.#end(false)
      return true
    } catch (error) {
      // Nothing had been added to the transaction yet: there is none. Whatever else happened, its end is unknown.
      return codeOf(error) === CODE.INVALID_TXN_STATE
    }
  }
}

function isFenced(error: unknown): boolean {
  const code = codeOf(error)
  return code === CODE.INVALID_PRODUCER_EPOCH || code === CODE.PRODUCER_FENCED
}
