import { TransactionUnknownError } from '../../../src/errors/kafka-errors.ts'
import type {
  KafkaTransaction,
  TransactionalProducer,
} from '../../../src/kafka/transactional-producer.ts'
import type { Line, Network } from '../world/network.ts'

/** A transaction on its way, and the same as the broker gets it. */
interface SentTransaction {
  readonly transaction: KafkaTransaction
  readonly inner: KafkaTransaction
  readonly failure: Promise<{ readonly error: unknown } | undefined>
}

/** A producer whose contents and EndTxn are calls of their own: the process may stop between them. */
export class SimulatedProducer implements TransactionalProducer {
  readonly #network: Network
  readonly #line: Line
  readonly #inner: TransactionalProducer
  #begun: SentTransaction | undefined
  #isUnusable = false

  constructor(network: Network, line: Line, inner: TransactionalProducer) {
    this.#network = network
    this.#line = line
    this.#inner = inner
  }

  get transactionalId(): string {
    return this.#inner.transactionalId
  }

  begin(transaction: KafkaTransaction): void {
    if (!this.#isUnusable && !this.#begun) this.#begun = this.#send(transaction)
  }

  async transact(transaction: KafkaTransaction): Promise<void> {
    if (this.#isUnusable) throw new TransactionUnknownError(this.transactionalId)
    try {
      await this.#publish(transaction)
    } catch (error) {
      this.#isUnusable = true
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isUnusable = true
  }

  async #publish(transaction: KafkaTransaction): Promise<void> {
    const begun = this.#begun
    this.#begun = undefined
    const failed = await begun?.failure
    if (failed) throw failed.error
    const sent = begun?.transaction === transaction ? begun : this.#send(transaction)
    const failedNow = await sent.failure
    if (failedNow) throw failedNow.error
    await transaction.beforeEnd?.()
    if (this.#isUnusable) throw new TransactionUnknownError(this.transactionalId)
    await this.#call('endTxn', () => this.#inner.transact(sent.inner))
  }

  /** One that was begun and is not wanted any more is aborted by the broker's own producer. */
  #send(transaction: KafkaTransaction): SentTransaction {
    const membership = transaction.member?.()
    const inner = {
      ...transaction,
      beforeEnd: undefined,
      member: transaction.member && (() => membership),
    }
    const failure = this.#call('produce', () => this.#inner.begin(inner)).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    return { transaction, inner, failure }
  }

  #call<T>(name: string, effect: () => T | Promise<T>): Promise<T> {
    const failure = new TransactionUnknownError(this.transactionalId)
    return this.#network.call(this.#line, name, effect, { failure })
  }
}
