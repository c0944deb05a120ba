import { ProducerFencedError, ProductionError } from '../../src/errors/kafka-errors.ts'
import type {
  KafkaTransaction,
  TransactionalProducer,
} from '../../src/kafka/transactional-producer.ts'
import { decodeRecords } from '../../src/kafka/record-batch/decode-records.ts'
import type { ToyBroker } from './toy-broker.ts'

/** A producer of a {@link ToyKafka}: fenced as soon as anybody initialises its id again. */
export class ToyProducer implements TransactionalProducer {
  readonly transactionalId: string
  readonly #kafka: ToyBroker
  #isUnusable = false

  constructor(kafka: ToyBroker, transactionalId: string) {
    this.#kafka = kafka
    this.transactionalId = transactionalId
  }

  begin(): void {}

  async transact(transaction: KafkaTransaction): Promise<void> {
    if (this.#isUnusable) throw new TypeError(`${this.transactionalId} was used after a failure`)
    this.#isUnusable = true
    this.#checkEpoch()
    this.#checkRecords(transaction)
    await transaction.beforeEnd?.()
    await this.#kafka.hang()
    this.#checkEpoch()
    const fault = this.#kafka.faults.shift()
    if (!fault || fault.committed) this.#kafka.commit(this.transactionalId, transaction)
    await this.#kafka.answersWaitFor
    if (fault) throw fault.error
    this.#isUnusable = false
  }

  async close(): Promise<void> {}

  #checkRecords({ records }: KafkaTransaction): void {
    const refused = records.flatMap(decodeRecords).find((record) => this.#kafka.refuses(record))
    if (refused) throw new ProductionError(refused.topic, 'it is not wanted')
  }

  #checkEpoch(): void {
    if (this.#kafka.epochs.get(this.transactionalId) !== 0)
      throw new ProducerFencedError(this.transactionalId)
  }
}
