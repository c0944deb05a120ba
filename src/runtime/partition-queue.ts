import type { StreamsError } from '../errors/streams-error.ts'
import type { FetchedBatch } from '../kafka/group-consumer.ts'
import type { ConsumedRecord } from '../model/record.ts'
import type { StreamRecord } from '../model/stream-record.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/** A record that is next in line, or the reason why it cannot be read. */
export interface QueuedRecord {
  readonly offset: bigint
  readonly record: StreamRecord | StreamsError
}

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
  #batches: FetchedBatch[] = []
  #batchIndex = 0
  #window: QueuedRecord[] = []
  #windowIndex = 0
  #waiting = 0
  #bytes = 0
  #fetchPosition: bigint
  #endOffset: bigint

  /** @param start Next offset to process. @param end End of the log, as far as is known. */
  constructor({ topic, partition }: TopicPartition, start: bigint, end: bigint, topicId?: string) {
    this.topic = topic
    this.partition = partition
    this.topicId = topicId
    this.#fetchPosition = start
    this.#endOffset = end
  }

  /** Where fetching goes on. */
  get fetchPosition(): bigint {
    return this.#fetchPosition
  }

  /** The offset after the last record taken: records that were aborted, or control the log, count as taken. */
  get position(): bigint {
    return this.peek()?.offset ?? this.#nextRaw()?.offset ?? this.#fetchPosition
  }

  /** Records that wait. */
  get length(): number {
    return this.#waiting
  }

  /** Records that wait, here or in Kafka: offsets stand for those that are not fetched. */
  get backlog(): number {
    return this.#waiting + Math.max(0, Number(this.#endOffset - this.#fetchPosition))
  }

  /** Size of the keys and values of the batches that wait, the one that is being taken included. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether the partition is known to have more than what was fetched. */
  get isLagging(): boolean {
    return this.#fetchPosition < this.#endOffset
  }

  /** Appends what was fetched; a batch for another position is not ours any more. */
  add(batch: FetchedBatch): void {
    this.#batches.push(batch)
    this.#waiting += batch.records.length
    this.#bytes += bytesOf(batch)
    this.#fetchPosition = batch.nextOffset
    this.#endOffset = batch.endOffset
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
    return queued
  }

  /** Decodes the next window when the last one is used up, and answers it; `undefined` when there is nothing to decode. */
  refill(
    decode: (record: ConsumedRecord) => StreamRecord | StreamsError,
  ): readonly QueuedRecord[] | undefined {
    if (this.#windowIndex < this.#window.length) return undefined
    this.#window = []
    this.#windowIndex = 0
    for (
      let raw = this.#nextRaw();
      raw && this.#window.length < WINDOW_RECORDS;
      raw = this.#nextRaw()
    ) {
      this.#window.push({ offset: raw.offset, record: decode(raw) })
      this.#batchIndex++
    }
    return this.#window.length > 0 ? this.#window : undefined
  }

  #nextRaw(): ConsumedRecord | undefined {
    while (this.#batches.length > 0 && this.#batchIndex >= this.#batches[0]!.records.length) {
      this.#bytes -= bytesOf(this.#batches.shift()!)
      this.#batchIndex = 0
    }
    return this.#batches[0]?.records[this.#batchIndex]
  }
}

function bytesOf({ records }: FetchedBatch): number {
  let bytes = 0
  for (const { key, value } of records) bytes += (key?.length ?? 0) + (value?.length ?? 0)
  return bytes
}
