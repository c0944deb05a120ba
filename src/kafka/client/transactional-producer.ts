import {
  ProducerFencedError,
  ProductionError,
  TransactionUnknownError,
} from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type {
  KafkaTransaction,
  OffsetWithMetadata,
  TransactionalProducer,
} from '../transactional-producer.ts'
import { passingDelayMs } from './admin-request.ts'
import { CODE, codeOf, isConnectionError } from './broker-error.ts'
import { GROUP, TRANSACTION, type Broker, type TopicOffsets, type Transaction } from './broker.ts'
import type { Brokers } from './brokers.ts'
import { byPartition } from '../record-batch/by-partition.ts'
import type { EncodedRecords } from '../record-batch/encoded-records.ts'
import { groupBy } from '../../model/group-by.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import {
  initProducerId,
  TRANSACTION_TIMEOUT_MS,
  type ProducerIdentity,
} from './producer-identity.ts'
import { RecordSender } from './record-sender.ts'
import { retry } from './retry.ts'

/**
 * A transactional producer step by step.
 *
 * Every step may be repeated (adding partitions and offsets, a batch with its sequence, EndTxn by the same producer epoch),
 * and is, until the transaction's time-out. Right after a commit the coordinator answers CONCURRENT_TRANSACTIONS for some
 * milliseconds while it writes the markers of the last transaction: the step is repeated as fast.
 *
 * ready → transacting → ready; any failure → unusable, also one that a repetition mended where a request may still be on its
 * way; close → unusable.
 */
export class ClientTransactionalProducer implements TransactionalProducer {
  readonly transactionalId: string
  readonly #brokers: Brokers
  readonly #sender: RecordSender
  readonly #transaction: Transaction
  #state: 'ready' | 'transacting' | 'unusable' = 'ready'
  /**
   * A request of this transaction was given up on a lost connection and repeated on another. The first may still reach the
   * coordinator, and would then commit, or write old offsets into, the next transaction of the same epoch (KIP-890): there
   * must be none.
   */
  #isDoubtful = false
  /** What was asked of the coordinator ahead of the next transaction. */
  #begun: Promise<Added> | undefined

  private constructor(brokers: Brokers, transactionalId: string, identity: ProducerIdentity) {
    this.transactionalId = transactionalId
    this.#brokers = brokers
    this.#sender = new RecordSender(brokers, identity)
    const { producerId, producerEpoch } = identity
    this.#transaction = { transactionalId, producerId, producerEpoch }
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

  begin({ records, groupId }: Pick<KafkaTransaction, 'records' | 'groupId'>): void {
    if (this.#state !== 'ready' || this.#begun) return
    const partitions = partitionsOf(records)
    const asked = Promise.all([
      this.#addPartitions(partitions),
      this.#atCoordinator((broker) => broker.addOffsetsToTxn({ ...this.#transaction, groupId })),
    ])
    const added = { groupId, partitions: new Set(partitions.map(formatTopicPartition)) }
    this.#begun = asked.then(
      () => added,
      () => NOTHING,
    )
  }

  async transact(transaction: KafkaTransaction): Promise<void> {
    if (this.#state === 'transacting')
      throw new TypeError(`a transaction of ${this.transactionalId} is under way`)
    if (this.#state === 'unusable') throw new TransactionUnknownError(this.transactionalId)
    this.#state = 'transacting'
    try {
      await this.#publish(transaction)
      this.#state = this.#isDoubtful ? 'unusable' : 'ready'
    } catch (error) {
      this.#state = 'unusable'
      throw await this.#explain(error)
    }
  }

  async close(): Promise<void> {
    this.#state = 'unusable'
    await this.#brokers.close()
  }

  async #publish({ records, groupId, offsets, beforeEnd }: KafkaTransaction): Promise<void> {
    const added = await this.#begun
    this.#begun = undefined
    // Both are awaited whatever happens to the other: nothing may be on its way any more when the transaction is aborted.
    const sent = await Promise.allSettled([
      this.#sendRecords(records, added ?? NOTHING),
      this.#sendOffsets(groupId, offsets, added ?? NOTHING),
    ])
    const failed = sent.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    await beforeEnd?.()
    if (records.length > 0 || offsets.length > 0) await this.#end(true)
    else if (added) await this.#abort()
  }

  async #sendRecords(records: readonly EncodedRecords[], added: Added): Promise<void> {
    if (records.length === 0) return
    await this.#addPartitions(
      partitionsOf(records).filter((one) => !added.partitions.has(formatTopicPartition(one))),
    )
    await this.#sender.send(records, TRANSACTION_TIMEOUT_MS)
  }

  async #addPartitions(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return
    const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => {
      return { topic, partitions: ofTopic.map(({ partition }) => partition) }
    })
    // The coordinator names no topic when it refuses one that does not exist.
    await this.#sender.locate(partitions, TRANSACTION_TIMEOUT_MS)
    await this.#atCoordinator((broker) =>
      broker.addPartitionsToTxn({ ...this.#transaction, topics }),
    )
  }

  async #sendOffsets(
    groupId: string,
    offsets: readonly OffsetWithMetadata[],
    added: Added,
  ): Promise<void> {
    if (offsets.length === 0) return
    if (added.groupId !== groupId)
      await this.#atCoordinator((broker) =>
        broker.addOffsetsToTxn({ ...this.#transaction, groupId }),
      )
    const topics = toTopicOffsets(offsets)
    await this.#persist(() =>
      this.#brokers.atCoordinator(GROUP, groupId, (broker) =>
        broker.txnOffsetCommit({ ...this.#transaction, groupId, topics }),
      ),
    )
  }

  #end(isCommit: boolean): Promise<unknown> {
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

/** What a transaction has been told of already. */
interface Added {
  readonly groupId: string | undefined
  /** As `topic-partition`. */
  readonly partitions: ReadonlySet<string>
}

const NOTHING: Added = { groupId: undefined, partitions: new Set() }

function partitionsOf(records: readonly EncodedRecords[]): TopicPartition[] {
  return byPartition(records).map(([first]) => first!)
}

function isFenced(error: unknown): boolean {
  const code = codeOf(error)
  return code === CODE.INVALID_PRODUCER_EPOCH || code === CODE.PRODUCER_FENCED
}

function toTopicOffsets(offsets: readonly OffsetWithMetadata[]): TopicOffsets[] {
  return [...groupBy(offsets, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic,
    partitions: ofTopic.map(({ partition, offset, metadata }) => ({
      partition,
      offset,
      metadata,
    })),
  }))
}
