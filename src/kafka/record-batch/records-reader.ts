import { NO_HEADERS, type Header, type Headers } from '../../model/headers.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import { ByteReader } from './byte-reader.ts'

/** What the records of a batch are relative to. */
export interface RecordsFrame {
  readonly baseOffset: bigint
  readonly baseTimestamp: number
  /** Set when the broker gave all records the time of their arrival. */
  readonly appendTimestamp: number | undefined
  readonly recordCount: number
}

/** Reads the records of a batch one by one, from an offset on. */
export class RecordsReader {
  /** Size of the records. */
  readonly bytes: number
  readonly #frame: RecordsFrame
  readonly #reader: ByteReader
  readonly #headers: HeadersReader
  #count: number

  /** @param bytes The records of the batch, uncompressed. */
  constructor(frame: RecordsFrame, bytes: Buffer, from: bigint) {
    this.bytes = bytes.length
    this.#frame = frame
    this.#reader = new ByteReader(bytes)
    this.#headers = new HeadersReader(this.#reader)
    this.#count = frame.recordCount
    if (from > frame.baseOffset) this.#skipTo(Number(from - frame.baseOffset))
  }

  /** Records that have not been read. */
  get count(): number {
    return this.#count
  }

  /** The next record; not to be called when there is none. */
  next(): ConsumedRecord {
    const reader = this.#reader
    const { baseOffset, baseTimestamp, appendTimestamp } = this.#frame
    const end = reader.varint() + reader.position
    reader.position++
    const timestampDelta = reader.varlong()
    const record = {
      offset: baseOffset + BigInt(reader.varint()),
      timestamp: appendTimestamp ?? baseTimestamp + timestampDelta,
      key: readBytes(reader),
      value: readBytes(reader),
      headers: this.#headers.read(end),
    }
    reader.position = end
    this.#count--
    return record
  }

  /** Records before the offset where a fetch began come with it, because the broker sends whole batches. */
  #skipTo(offsetDelta: number): void {
    const reader = this.#reader
    for (; this.#count > 0; this.#count--) {
      const start = reader.position
      const end = reader.varint() + reader.position
      reader.position++
      reader.varlong()
      if (reader.varint() >= offsetDelta) return void (reader.position = start)
      reader.position = end
    }
  }
}

/** All records of a batch at or after an offset; `bytes` are its records uncompressed. */
export function readRecords(frame: RecordsFrame, bytes: Buffer, from: bigint): ConsumedRecord[] {
  const reader = new RecordsReader(frame, bytes, from)
  return Array.from({ length: reader.count }, () => reader.next())
}

function readBytes(reader: ByteReader): Buffer | null {
  const size = reader.varint()
  return size < 0 ? null : reader.raw(size)
}

function readHeaders(reader: ByteReader): Headers {
  const count = reader.varint()
  if (count <= 0) return NO_HEADERS
  const headers: Header[] = []
  for (let i = 0; i < count; i++)
    headers.push([reader.raw(reader.varint()).toString('utf8'), readBytes(reader)])
  return headers
}

/** Records of a batch often have the same headers: those of the record before are taken again where their bytes are equal. */
class HeadersReader {
  readonly #reader: ByteReader
  #start = 0
  #end = 0
  #headers: Headers = NO_HEADERS

  constructor(reader: ByteReader) {
    this.#reader = reader
  }

  read(end: number): Headers {
    const start = this.#reader.position
    if (this.#isRepeated(start, end)) return this.#headers
    this.#headers = readHeaders(this.#reader)
    this.#start = start
    this.#end = end
    return this.#headers
  }

  #isRepeated(start: number, end: number): boolean {
    const size = end - start
    if (size !== this.#end - this.#start) return false
    const { buffer } = this.#reader
    for (let at = 0; at < size; at++)
      if (buffer[start + at] !== buffer[this.#start + at]) return false
    return true
  }
}
