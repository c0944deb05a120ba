import { KafkaUnreachableError } from '../../errors/kafka-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import { encodeRecords } from '../record-batch/encode-records.ts'
import type { Brokers } from './brokers.ts'
import { initProducerId } from './producer-identity.ts'
import { RecordSender } from './record-sender.ts'

/** Kafka's default `delivery.timeout.ms` is 120 s; whoever calls keeps a database commit waiting meanwhile. Guess. */
const DELIVERY_TIMEOUT_MS = 30_000

/** Produces outside of transactions; one call after the other, so that order within a partition is that of the calls. */
export class IdempotentProducer {
  readonly #brokers: Brokers
  /** Made by the first call; given up after a failure, because nobody knows which sequence the broker expects then. */
  #sender: RecordSender | undefined
  #lastCall: Promise<void> = Promise.resolve()

  constructor(brokers: Brokers) {
    this.#brokers = brokers
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return
    const call = this.#lastCall.then(() => this.#send(records))
    this.#lastCall = call.catch(() => undefined)
    return call
  }

  async close(): Promise<void> {
    await this.#brokers.close()
  }

  async #send(records: readonly OutgoingRecord[]): Promise<void> {
    try {
      this.#sender ??= new RecordSender(this.#brokers, await initProducerId(this.#brokers, null))
      await this.#sender.send(encodeRecords(records), DELIVERY_TIMEOUT_MS)
    } catch (error) {
      this.#sender = undefined
      if (StreamsError.is(error)) throw error
      throw new KafkaUnreachableError(await this.#brokers.addresses(), { cause: error })
    }
  }
}
