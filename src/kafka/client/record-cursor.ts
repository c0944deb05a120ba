import type { OutgoingRecord } from '../../model/record.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import type { ProduceBatch } from './wire/produce.ts'
import { recordBytesMax, writeRecordBatch } from './wire/record-batch-writer.ts'

/** Below the broker's default `max.message.bytes` of 1,048,588, which counts a whole batch. */
const BATCH_BYTES = 900_000
/** Of the batch itself, and of the request for it: a topic name has 249 bytes at most. */
const BATCH_HEADER_BYTES = 61 + 2 + 249 + 12

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
  /** Where the next batch ends, and an upper bound of its bytes. */
  #next: { to: number; bytes: number }

  constructor(
    { topic, partition }: TopicPartition,
    records: readonly OutgoingRecord[],
    sequence: number,
  ) {
    this.topic = topic
    this.partition = partition
    this.#records = records
    this.#sequence = sequence
    this.#next = this.#measure()
  }

  get isDone(): boolean {
    return this.#position === this.#records.length
  }

  get sequence(): number {
    return this.#sequence
  }

  /** An upper bound of the next batch's bytes. */
  get batchBytes(): number {
    return this.#next.bytes
  }

  /** The next batch; not to be called when done. */
  batch({ producerId, producerEpoch, transactionalId }: ProducerIdentity): ProduceBatch {
    const range = { from: this.#position, to: this.#next.to }
    const isTransactional = transactionalId !== null
    const producer = { producerId, producerEpoch, firstSequence: this.#sequence, isTransactional }
    return {
      topic: this.topic,
      partition: this.partition,
      write: (writer) => writeRecordBatch(writer, this.#records, range, producer),
    }
  }

  /** The batch was acknowledged. */
  advance(): void {
    this.#sequence = nextSequence(this.#sequence, this.#next.to - this.#position)
    this.#position = this.#next.to
    this.#next = this.#measure()
  }

  /** The topic takes only smaller batches than ours; false when the batch is one record already. */
  halve(): boolean {
    if (this.#next.to - this.#position === 1) return false
    this.#bytesPerBatch = this.#next.bytes >> 1
    this.#next = this.#measure()
    return true
  }

  #measure(): { to: number; bytes: number } {
    let to = this.#position
    let bytes = BATCH_HEADER_BYTES
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
