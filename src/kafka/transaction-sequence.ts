import { TransactionUnknownError } from '../errors/kafka-errors.ts'
import type { StreamsError } from '../errors/streams-error.ts'
import type { KafkaTransaction } from './transactional-producer.ts'

/** What a producer does with one transaction. */
export interface TransactionSteps {
  /** Sends the contents. */
  send(transaction: KafkaTransaction): Promise<void>
  end(isCommit: boolean): Promise<void>
  /** What a failure is in the words of the port; aborts where it can. */
  explain(error: unknown): Promise<StreamsError>
  /** Whether there must be no other transaction, although this one went well. */
  isSpent(): boolean
}

/**
 * The order of a producer's transactions, and what is left of one that was only begun.
 *
 * ready → transacting → ready; any failure → unusable; close → unusable.
 */
export class TransactionSequence {
  readonly #transactionalId: string
  readonly #steps: TransactionSteps
  #state: 'ready' | 'transacting' | 'unusable' = 'ready'
  /** A transaction whose contents are on their way, or there. */
  #begun: BegunTransaction | undefined

  constructor(transactionalId: string, steps: TransactionSteps) {
    this.#transactionalId = transactionalId
    this.#steps = steps
  }

  get isUnusable(): boolean {
    return this.#state === 'unusable'
  }

  begin(transaction: KafkaTransaction): void {
    if (this.#state !== 'ready' || this.#begun) return
    const failure = this.#steps.send(transaction).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    this.#begun = { transaction, failure }
  }

  async transact(transaction: KafkaTransaction): Promise<void> {
    if (this.#state === 'transacting')
      throw new TypeError(`a transaction of ${this.#transactionalId} is under way`)
    if (this.#state === 'unusable') throw new TransactionUnknownError(this.#transactionalId)
    this.#state = 'transacting'
    try {
      await this.#publish(transaction)
      this.#state = this.#steps.isSpent() ? 'unusable' : 'ready'
    } catch (error) {
      this.#state = 'unusable'
      throw await this.#steps.explain(error)
    }
  }

  close(): void {
    this.#state = 'unusable'
  }

  async #publish(transaction: KafkaTransaction): Promise<void> {
    const begun = this.#begun
    this.#begun = undefined
    const failed = await begun?.failure
    if (failed) throw failed.error
    if (begun?.transaction !== transaction) {
      if (begun) await this.#steps.end(false)
      await this.#steps.send(transaction)
    }
    await transaction.beforeEnd?.()
    if (!isEmpty(transaction)) await this.#steps.end(true)
  }
}

interface BegunTransaction {
  readonly transaction: KafkaTransaction
  /** Why its contents could not be sent. */
  readonly failure: Promise<{ readonly error: unknown } | undefined>
}

function isEmpty({ records, offsets }: KafkaTransaction): boolean {
  return records.length === 0 && offsets.length === 0
}
