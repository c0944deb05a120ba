import { NO_HEADERS, type Header, type Headers } from '../model/headers.ts'
import type { OutgoingRecord } from '../model/record.ts'

/** A part of a batch larger than this is split: a row of the outbox stays far below what a database takes. */
export const OUTBOX_PART_BYTES_MAX = 8 * 1024 * 1024

const FORMAT = 1
const RECORD_OVERHEAD_BYTES = 64

/**
 * Encodes outgoing records into as few parts as their size allows. Layout of a part: format byte; number of topics, each
 * as a length and UTF-8; then records until the end: topic index u16, partition i32, timestamp f64, key, value, header
 * count u16, headers. A byte field is its length as i32 (−1: null) and its bytes. Integers are big-endian.
 */
export function encodeOutbox(records: readonly OutgoingRecord[]): Uint8Array[] {
  const parts: Uint8Array[] = []
  let from = 0
  while (from < records.length) {
    const to = endOfPart(records, from)
    parts.push(encodePart(records, from, to))
    from = to
  }
  return parts
}

/** Bytes that a record takes in a part, at most. */
export function outboxBytes({ key, value, headers }: OutgoingRecord): number {
  let bytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, header] of headers) bytes += 8 + 3 * name.length + (header?.length ?? 0)
  return bytes
}

function endOfPart(records: readonly OutgoingRecord[], from: number): number {
  let bytes = 0
  let to = from
  while (to < records.length) {
    bytes += outboxBytes(records[to]!)
    if (bytes > OUTBOX_PART_BYTES_MAX && to > from) break
    to++
  }
  return to
}

function encodePart(records: readonly OutgoingRecord[], from: number, to: number): Uint8Array {
  const topics = new Map<string, number>()
  let bytes = 3
  for (let i = from; i < to; i++) {
    const record = records[i]!
    if (!topics.has(record.topic)) {
      topics.set(record.topic, topics.size)
      bytes += 2 + Buffer.byteLength(record.topic)
    }
    bytes += outboxBytes(record)
  }
  const writer = new PartWriter(Buffer.allocUnsafe(bytes))
  writer.byte(FORMAT)
  writer.u16(topics.size)
  for (const topic of topics.keys()) writer.shortText(topic)
  for (let i = from; i < to; i++) writer.record(records[i]!, topics.get(records[i]!.topic)!)
  return writer.written()
}

/** The records of one part, in the order in which they were encoded. */
export function decodeOutbox(part: Uint8Array): OutgoingRecord[] {
  const reader = new PartReader(Buffer.from(part.buffer, part.byteOffset, part.byteLength))
  const format = reader.byte()
  if (format !== FORMAT)
    throw new TypeError(`outbox format ${format} is not known to this version (${FORMAT})`)
  const topics = Array.from({ length: reader.u16() }, () => reader.shortText())
  const records: OutgoingRecord[] = []
  while (!reader.atEnd) records.push(reader.record(topics))
  return records
}

class PartWriter {
  #at = 0
  readonly #buffer: Buffer

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  byte(value: number): void {
    this.#at = this.#buffer.writeUInt8(value, this.#at)
  }

  u16(value: number): void {
    this.#at = this.#buffer.writeUInt16BE(value, this.#at)
  }

  i32(value: number): void {
    this.#at = this.#buffer.writeInt32BE(value, this.#at)
  }

  shortText(text: string): void {
    const length = this.#buffer.write(text, this.#at + 2)
    this.u16(length)
    this.#at += length
  }

  bytes(bytes: Uint8Array | null): void {
    if (bytes === null) return this.i32(-1)
    this.i32(bytes.length)
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.length
  }

  record({ partition, timestamp, key, value, headers }: OutgoingRecord, topic: number): void {
    this.u16(topic)
    this.i32(partition)
    this.#at = this.#buffer.writeDoubleBE(timestamp, this.#at)
    this.bytes(key)
    this.bytes(value)
    this.u16(headers.length)
    for (const [name, header] of headers) {
      this.shortText(name)
      this.bytes(header)
    }
  }

  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#at)
  }
}

class PartReader {
  #at = 0
  readonly #buffer: Buffer

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  get atEnd(): boolean {
    return this.#at >= this.#buffer.length
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#at++)
  }

  u16(): number {
    this.#at += 2
    return this.#buffer.readUInt16BE(this.#at - 2)
  }

  i32(): number {
    this.#at += 4
    return this.#buffer.readInt32BE(this.#at - 4)
  }

  shortText(): string {
    const length = this.u16()
    this.#at += length
    return this.#buffer.toString('utf8', this.#at - length, this.#at)
  }

  bytes(): Uint8Array | null {
    const length = this.i32()
    if (length < 0) return null
    this.#at += length
    return this.#buffer.subarray(this.#at - length, this.#at)
  }

  record(topics: readonly string[]): OutgoingRecord {
    const topic = topics[this.u16()]!
    const partition = this.i32()
    this.#at += 8
    const timestamp = this.#buffer.readDoubleBE(this.#at - 8)
    const key = this.bytes()
    const value = this.bytes()
    return { topic, partition, timestamp, key, value, headers: this.#headers() }
  }

  #headers(): Headers {
    const count = this.u16()
    if (count === 0) return NO_HEADERS
    return Array.from({ length: count }, (): Header => [this.shortText(), this.bytes()])
  }
}
