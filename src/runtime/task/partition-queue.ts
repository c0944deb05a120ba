import { SchemaPendingError } from '../../errors/registry-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { FetchedRecords } from '../../kafka/fetched-records.ts'
import type { FetchedBatch } from '../../kafka/group-consumer.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { QueuedRecord } from './queued-record.ts'

/** Records decoded at once: enough for one read-ahead statement, few enough to keep the event loop free. */
const WINDOW_RECORDS = 4_096

/**
 * Fetched records of one source partition that wait for their task. Batches wait as bytes; the window in front is decoded.
 * Filled by the consumer's listener, emptied by the task's processing.
 */
export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  /** Identity of the topic, where the client knows it. */
  readonly topicId: string | undefined
  #batches: WaitingBatch[] = []
  #window: QueuedRecord[] = []
  #windowIndex = 0
  /** Records of the window whose schema is not here yet, by their place in it. */
  readonly #unread = new Map<number, ConsumedRecord>()
  #waiting = 0
  #bytes = 0
  /** Where it began, then the offset of the last record taken. */
  readonly #start: bigint
  #taken: bigint | undefined
  #fetchPosition: bigint
  #leaderEpoch: number | undefined
  #endOffset: bigint

  /** @param start Next offset to process. @param end End of the log, as far as is known. */
  constructor(
    { topic, partition }: TopicPartition,
    start: bigint,
    end: bigint,
    { topicId, leaderEpoch }: KnownLog = {},
  ) {
    this.topic = topic
    this.partition = partition
    this.topicId = topicId
    this.#leaderEpoch = leaderEpoch
    this.#start = start
    this.#fetchPosition = start
    this.#endOffset = end
  }

  /** Where fetching goes on. */
  get fetchPosition(): bigint {
    return this.#fetchPosition
  }

  /** The newest leader epoch of what was fetched, where the client knows it. */
  get leaderEpoch(): number | undefined {
    return this.#leaderEpoch
  }

  /** The offset after the last record taken, and after records behind it that were aborted or control the log. */
  get position(): bigint {
    const next = this.peek()?.offset ?? this.#batches[0]?.from ?? this.#fetchPosition
    const taken = this.#taken === undefined ? this.#start : this.#taken + 1n
    return next > taken ? next : taken
  }

  /** Records that wait. */
  get length(): number {
    return this.#waiting
  }

  /** Size of the batches that wait, the one that is being taken included. */
  get bytes(): number {
    return this.#bytes
  }

  /** Records that wait, here or in Kafka: offsets stand for those that are not fetched. */
  get backlog(): number {
    return this.#waiting + Math.max(0, Number(this.#endOffset - this.#fetchPosition))
  }

  /** Whether the partition is known to have more than what was fetched. */
  get isLagging(): boolean {
    return this.#fetchPosition < this.#endOffset
  }

  /** Appends what was fetched. */
  add({ records, nextOffset, endOffset, leaderEpoch }: FetchedBatch): void {
    const from = this.#fetchPosition
    this.#fetchPosition = nextOffset
    this.#leaderEpoch = leaderEpoch ?? this.#leaderEpoch
    this.#endOffset = endOffset
    if (records.count === 0) return
    this.#batches.push({ from, records })
    this.#waiting += records.count
    this.#bytes += records.bytes
  }

  /** The record in front of the window. */
  peek(): QueuedRecord | undefined {
    return this.#window[this.#windowIndex]
  }

  /** Takes the record in front of the window. */
  shift(): QueuedRecord | undefined {
    const queued = this.#window[this.#windowIndex]
    if (!queued) return undefined
    this.#windowIndex++
    this.#waiting--
    this.#taken = queued.offset
    return queued
  }

  /** Decodes the next window when the last one is used up, and answers it; `undefined` when there is nothing to decode. */
  refill(
    decode: (record: ConsumedRecord) => StreamRecord | StreamsError,
    keepsSources = false,
  ): readonly QueuedRecord[] | undefined {
    if (this.#windowIndex < this.#window.length) return undefined
    this.#window = []
    this.#windowIndex = 0
    while (this.#batches.length > 0 && this.#window.length < WINDOW_RECORDS)
      this.#decodeNext(decode, keepsSources)
    return this.#window.length > 0 ? this.#window : undefined
  }

  /** Whether the window has records that {@link readUnread} has to decode again before it is used. */
  get hasUnread(): boolean {
    return this.#unread.size > 0
  }

  /** Decodes again, in their places, the records of the window that `decode` could not read yet. */
  async readUnread(
    decode: (record: ConsumedRecord) => Promise<StreamRecord | StreamsError>,
  ): Promise<void> {
    for (const [index, raw] of this.#unread) {
      this.#window[index]!.record = await decode(raw)
      this.#unread.delete(index)
    }
  }

  #decodeNext(
    decode: (record: ConsumedRecord) => StreamRecord | StreamsError,
    keepsSources: boolean,
  ): void {
    const { records } = this.#batches[0]!
    for (const raw of records.take(WINDOW_RECORDS - this.#window.length)) {
      const record = decode(raw)
      if (SchemaPendingError.is(record)) this.#unread.set(this.#window.length, raw)
      const source = keepsSources ? raw : undefined
      this.#window.push(new QueuedRecord(this, raw.offset, record, source))
    }
    if (records.count > 0) return
    this.#batches.shift()
    this.#bytes -= records.bytes
  }
}

/** What is known of the log that a queue is filled from. */
export interface KnownLog {
  readonly topicId?: string | undefined
  /** Of what was fetched before. */
  readonly leaderEpoch?: number | undefined
}

/** Records that are not decoded. */
interface WaitingBatch {
  /** Where the fetch that brought them began. */
  readonly from: bigint
  readonly records: FetchedRecords
}
