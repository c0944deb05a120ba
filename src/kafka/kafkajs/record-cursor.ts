import type { OutgoingRecord } from '../../model/record.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import type { ProduceBatch } from './wire/produce.ts'
import { recordBytesMax, writeRecordBatch } from './wire/record-batch-writer.ts'

/** Below the broker's default `max.message.bytes` of 1,048,588, which counts a whole batch. */
const BATCH_BYTES = 900_000

/** The first sequence of each partition that a producer has not used yet. */
export type Sequences = Map<string, number>

/** How far the records of one partition have been sent: batch by batch, each repeated as it was until it is acknowledged. */
export class RecordCursor implements TopicPartition {
  readonly topic: string
  readonly partition: number
  readonly #records: readonly OutgoingRecord[]
  #sequence: number
  #position = 0
  #bytesPerBatch = BATCH_BYTES

  constructor(
    { topic, partition }: TopicPartition,
    records: readonly OutgoingRecord[],
    sequence: number,
  ) {
    this.topic = topic
    this.partition = partition
    this.#records = records
    this.#sequence = sequence
  }

  get isDone(): boolean {
    return this.#position === this.#records.length
  }

  get sequence(): number {
    return this.#sequence
  }

  /** The next batch and an upper bound of its bytes. */
  batch(producer: ProducerIdentity): ProduceBatch & { readonly bytesMax: number } {
    const range = { from: this.#position, ...this.#nextEnd() }
    const { producerId, producerEpoch } = producer
    const isTransactional = producer.transactionalId !== null
    const firstSequence = this.#sequence
    return {
      topic: this.topic,
      partition: this.partition,
      bytesMax: range.bytes + 128,
      write: (writer) =>
        writeRecordBatch(writer, this.#records, range, {
          producerId,
          producerEpoch,
          firstSequence,
          isTransactional,
        }),
    }
  }

  /** The batch was acknowledged. */
  advance(): void {
    const { to } = this.#nextEnd()
    this.#sequence = nextSequence(this.#sequence, to - this.#position)
    this.#position = to
  }

  /** The topic takes only smaller batches than ours; false when the batch is one record already. */
  halve(): boolean {
    const { to, bytes } = this.#nextEnd()
    this.#bytesPerBatch = bytes >> 1
    return to - this.#position > 1
  }

  #nextEnd(): { to: number; bytes: number } {
    let to = this.#position
    let bytes = 0
    while (to < this.#records.length) {
      const size = recordBytesMax(this.#records[to]!)
      if (to > this.#position && bytes + size > this.#bytesPerBatch) break
      bytes += size
      to++
    }
    return { to, bytes }
  }
}

/** Sequences wrap from 2^31 − 1 to 0, also in the middle of a batch. */
function nextSequence(sequence: number, count: number): number {
  return (sequence + count) % 2 ** 31
}
