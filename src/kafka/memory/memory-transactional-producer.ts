import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  ProducerFencedError,
  ProductionError,
  TransactionUnknownError,
} from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import { decodeRecords } from '../record-batch/decode-records.ts'
import { TransactionSequence } from '../transaction-sequence.ts'
import type { KafkaTransaction, TransactionalProducer } from '../transactional-producer.ts'
import type { MemoryBroker } from './memory-broker.ts'

/** How long a member may take to learn that the group has gone on. Guess. */
const STALE_MEMBER_TURNS = 10

/** A transactional producer of the broker in memory. Its transactions have no time-out. */
export class MemoryTransactionalProducer implements TransactionalProducer {
  readonly transactionalId: string
  readonly #broker: MemoryBroker
  readonly #epoch: number
  readonly #sequence: TransactionSequence

  constructor(broker: MemoryBroker, transactionalId: string) {
    this.transactionalId = transactionalId
    this.#broker = broker
    this.#epoch = broker.initProducerId(transactionalId)
    this.#sequence = new TransactionSequence(transactionalId, {
      send: (transaction) => this.#send(transaction),
      end: async (isCommit) => this.#end(isCommit),
      explain: async (error) => this.#explain(error),
      isSpent: () => false,
    })
  }

  begin(transaction: KafkaTransaction): void {
    this.#sequence.begin(transaction)
  }

  transact(transaction: KafkaTransaction): Promise<void> {
    return this.#sequence.transact(transaction)
  }

  async close(): Promise<void> {
    this.#sequence.close()
  }

  async #send({ records, groupId, offsets, member }: KafkaTransaction): Promise<void> {
    if (records.length === 0 && offsets.length === 0) return
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
    if (this.#sequence.isUnusable) throw new TransactionUnknownError(this.transactionalId)
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
