import { NO_HEADERS, type Headers } from '../../model/headers.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { ByteWriter, varintSize, varlongSize } from './byte-writer.ts'
import type { EncodedRecords } from './encoded-records.ts'

/** Bytes of a batch's records at most, unless it is one record: below the broker's default `max.message.bytes` of 1,048,588. */
export const BATCH_BYTES_MAX = 900_000

/** What is encoded of a record; where it goes is the encoder's. */
export interface RecordContent {
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Headers
}

/** Encodes the records of one partition, in order, into as few batches as their size allows. */
export class RecordsEncoder implements TopicPartition {
  readonly topic: string
  readonly partition: number
  #full: EncodedRecords[] = []
  #writer = new ByteWriter()
  #count = 0
  #baseTimestamp = 0
  #maxTimestamp = 0
  /** Records often share their headers: the same object is encoded once. */
  #headers: Headers = NO_HEADERS
  #headerBytes: Uint8Array = NO_HEADER_BYTES

  constructor({ topic, partition }: TopicPartition) {
    this.topic = topic
    this.partition = partition
  }

  /** Appends a record and answers by how many bytes that made the whole larger. */
  add(record: RecordContent): number {
    const { timestamp, key, value, headers } = record
    if (headers !== this.#headers) this.#encodeHeaders(headers)
    const size =
      1 +
      varlongSize(timestamp - this.#baseTimestamp) +
      varintSize(this.#count) +
      sizeWithLength(key) +
      sizeWithLength(value) +
      this.#headerBytes.length
    const bytes = varintSize(size) + size
    if (this.#count === 0) return this.#addFirst(record)
    if (this.#writer.length + bytes > BATCH_BYTES_MAX) {
      this.#endBatch()
      return this.#addFirst(record)
    }
    this.#write(record, size)
    return bytes
  }

  /** Ends, and gives what was added since the last time. */
  seal(): EncodedRecords[] {
    if (this.#count > 0) this.#endBatch()
    const sealed = this.#full
    this.#full = []
    return sealed
  }

  #addFirst(record: RecordContent): number {
    const { timestamp, key, value } = record
    this.#baseTimestamp = timestamp
    this.#maxTimestamp = timestamp
    const size = 3 + sizeWithLength(key) + sizeWithLength(value) + this.#headerBytes.length
    this.#write(record, size)
    return this.#writer.length
  }

  #write({ timestamp, key, value }: RecordContent, size: number): void {
    const delta = timestamp - this.#baseTimestamp
    const writer = this.#writer
    writer.varint(size).int8(0).varlong(delta).varint(this.#count)
    writer.nullableRaw(key).nullableRaw(value).raw(this.#headerBytes)
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.#count++
  }

  #endBatch(): void {
    this.#full.push({
      topic: this.topic,
      partition: this.partition,
      count: this.#count,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      bytes: this.#writer.bytes(),
    })
    // As large as the last: under load batches are full, and one that has to grow is copied again and again.
    this.#writer = new ByteWriter(this.#writer.length)
    this.#count = 0
  }

  #encodeHeaders(headers: Headers): void {
    const writer = new ByteWriter(64).varint(headers.length)
    for (const [name, value] of headers) {
      const size = Buffer.byteLength(name)
      writer.varint(size).rawText(name, size).nullableRaw(value)
    }
    this.#headers = headers
    this.#headerBytes = writer.bytes()
  }
}

const NO_HEADER_BYTES = Uint8Array.of(0)

function sizeWithLength(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length
}
