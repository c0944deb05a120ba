import type {
  KafkaTransaction,
  TransactionalProducer,
} from '../../src/kafka/transactional-producer.ts'
import { deferred, type Deferred } from './deferred.ts'

/** A Kafka transaction that waits for a test to decide it. */
export interface OpenTransaction {
  readonly transaction: KafkaTransaction
  /** EndTxn is acknowledged. */
  acknowledge(): void
  fail(error: unknown): void
}

/** A producer whose transactions a test ends, one by one; or all at once with `automatic`. */
export class ScriptedProducer implements TransactionalProducer {
  readonly transactionalId: string
  readonly transactions: KafkaTransaction[] = []
  readonly begun: KafkaTransaction[] = []
  isClosed = false
  #open: { readonly transaction: KafkaTransaction; readonly answer: Deferred }[] = []
  readonly #isAutomatic: boolean

  constructor(transactionalId = 'app-1', { automatic = false } = {}) {
    this.transactionalId = transactionalId
    this.#isAutomatic = automatic
  }

  /** Transactions that are not decided; a relay has at most one. */
  get open(): readonly OpenTransaction[] {
    return this.#open.map((one) => ({
      transaction: one.transaction,
      acknowledge: () => {
        this.#forget(one)
        one.answer.resolve()
      },
      fail: (error) => {
        this.#forget(one)
        one.answer.reject(error)
      },
    }))
  }

  begin(transaction: KafkaTransaction): void {
    this.begun.push(transaction)
  }

  async transact(transaction: KafkaTransaction): Promise<void> {
    this.transactions.push(transaction)
    await transaction.beforeEnd?.()
    if (this.#isAutomatic) return
    const answer = deferred()
    this.#open.push({ transaction, answer })
    await answer.promise
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }

  #forget(one: unknown): void {
    this.#open = this.#open.filter((other) => other !== one)
  }
}
