import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  ProducerFencedError,
  ProductionError,
  TransactionUnknownError,
} from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import { decodeRecords } from '../record-batch/decode-records.ts'
import type { KafkaTransaction, TransactionalProducer } from '../transactional-producer.ts'
import type { MemoryBroker } from './memory-broker.ts'

/** A transaction whose contents are in the logs, or why they are not. */
interface BegunTransaction {
  readonly transaction: KafkaTransaction
  readonly failure: Promise<{ readonly error: unknown } | undefined>
}

/** How long a member may take to learn that the group has gone on. Guess. */
const STALE_MEMBER_TURNS = 10

/** A transactional producer of the broker in memory. Its transactions have no time-out. */
export class MemoryTransactionalProducer implements TransactionalProducer {
  readonly transactionalId: string
  readonly #broker: MemoryBroker
  readonly #epoch: number
  #state: 'ready' | 'transacting' | 'unusable' = 'ready'
  #begun: BegunTransaction | undefined

  constructor(broker: MemoryBroker, transactionalId: string) {
    this.transactionalId = transactionalId
    this.#broker = broker
    this.#epoch = broker.initProducerId(transactionalId)
  }

  begin(transaction: KafkaTransaction): void {
    if (this.#state !== 'ready' || this.#begun) return
    const failure = this.#send(transaction).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    this.#begun = { transaction, failure }
  }

  async transact(transaction: KafkaTransaction): Promise<void> {
    if (this.#state === 'transacting')
      throw new TypeError(`a transaction of ${this.transactionalId} is under way`)
    if (this.#state === 'unusable') throw new TransactionUnknownError(this.transactionalId)
    this.#state = 'transacting'
    try {
      await this.#publish(transaction)
      this.#state = 'ready'
    } catch (error) {
      this.#state = 'unusable'
      throw this.#explain(error)
    }
  }

  async close(): Promise<void> {
    this.#state = 'unusable'
  }

  async #publish(transaction: KafkaTransaction): Promise<void> {
    const begun = this.#begun
    this.#begun = undefined
    const failed = await begun?.failure
    if (failed) throw failed.error
    if (begun?.transaction !== transaction) {
      if (begun) this.#end(false)
      await this.#send(transaction)
    }
    await transaction.beforeEnd?.()
    this.#end(true)
  }

  async #send({ records, groupId, offsets, member }: KafkaTransaction): Promise<void> {
    const open = this.#broker.beginTransaction(this.transactionalId, this.#epoch)
    if (!open) throw new ProducerFencedError(this.transactionalId)
    this.#broker.topics.append(records.flatMap(decodeRecords), open)
    this.#broker.wakeReaders()
    await nextTurn()
    if (member && offsets.length > 0) await this.#untilMember(groupId, member)
    open.addOffsets(groupId, offsets)
  }

  /** @throws TransactionUnknownError where the group still takes nothing of the member after some turns. */
  async #untilMember(
    groupId: string,
    member: NonNullable<KafkaTransaction['member']>,
  ): Promise<void> {
    let reason: string | undefined
    for (let turn = 0; turn < STALE_MEMBER_TURNS; turn++) {
      const membership = member()
      reason = membership ? this.#broker.group(groupId).refusalOf(membership) : 'it is none'
      if (reason === undefined) return
      await nextTurn()
    }
    const cause = new TypeError(`the group ${groupId} takes no offsets of the member: ${reason}`)
    throw new TransactionUnknownError(this.transactionalId, { cause })
  }

  #end(isCommit: boolean): void {
    // Closed meanwhile: a process that is gone sends no EndTxn.
    if (this.#state !== 'transacting') throw new TransactionUnknownError(this.transactionalId)
    const hasEnded = this.#broker.endTransaction(this.transactionalId, this.#epoch, isCommit)
    if (!hasEnded) throw new ProducerFencedError(this.transactionalId)
  }

  #explain(error: unknown): StreamsError {
    if (error instanceof ProducerFencedError || error instanceof TransactionUnknownError)
      return error
    const isRefused = error instanceof ProductionError
    if (isRefused && this.#broker.endTransaction(this.transactionalId, this.#epoch, false))
      return error
    return new TransactionUnknownError(this.transactionalId, { cause: error })
  }
}
