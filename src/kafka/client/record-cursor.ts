import type { TopicPartition } from '../../model/topic-partition.ts'
import { halveRecords } from '../record-batch/decode-records.ts'
import type { EncodedRecords } from '../record-batch/encoded-records.ts'

/** The first sequence of each partition that a producer has not used yet. */
export type Sequences = Map<string, number>

/** A batch under the sequence of its first record: repeated as it is until it is acknowledged. */
export interface SequencedBatch {
  readonly records: EncodedRecords
  readonly firstSequence: number
}

/** How far the batches of one partition have been acknowledged. */
export class RecordCursor implements TopicPartition {
  readonly topic: string
  readonly partition: number
  #waiting: readonly EncodedRecords[]
  #sequence: number

  /** @param batches All of one partition, in order, at least one. */
  constructor(batches: readonly EncodedRecords[], sequence: number) {
    this.topic = batches[0]!.topic
    this.partition = batches[0]!.partition
    this.#waiting = batches
    this.#sequence = sequence
  }

  get isDone(): boolean {
    return this.#waiting.length === 0
  }

  /** Of the first record that is not acknowledged. */
  get sequence(): number {
    return this.#sequence
  }

  /** The first batches that are not acknowledged, in order. */
  next(max: number): SequencedBatch[] {
    let firstSequence = this.#sequence
    return this.#waiting.slice(0, max).map((records) => {
      const batch = { records, firstSequence }
      firstSequence = nextSequence(firstSequence, records.count)
      return batch
    })
  }

  /** The first batch was acknowledged. */
  advance(): void {
    const [first, ...rest] = this.#waiting
    this.#sequence = nextSequence(this.#sequence, first!.count)
    this.#waiting = rest
  }

  /** The topic takes only smaller batches than the first; false when that is one record already. */
  halve(): boolean {
    const [first, ...rest] = this.#waiting
    if (first!.count === 1) return false
    this.#waiting = [...halveRecords(first!), ...rest]
    return true
  }
}

/** Sequences wrap from 2^31 − 1 to 0, also in the middle of a batch. */
function nextSequence(sequence: number, count: number): number {
  return (sequence + count) % 2 ** 31
}
