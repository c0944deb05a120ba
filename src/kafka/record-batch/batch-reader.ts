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

/** The header of a record batch and its still encoded, perhaps compressed records. */
export interface RecordBatch extends RecordsFrame {
  /** The offset after the batch, also when compaction took its last records. */
  readonly nextOffset: bigint
  readonly producerId: bigint
  readonly isTransactional: boolean
  readonly isControl: boolean
  /** Codec in the bits of `attributes`; 0 is none. */
  readonly codec: number
  readonly records: Buffer
}

const HEADER_BYTES = 61
const MAGIC_AT = 16
const CODEC_MASK = 0x07
const APPEND_TIME = 0x08
const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const ABORT_MARKER = 0

/** The whole batches in a piece of a log; the one that the size limit cut off at the end is left out. */
export function readRecordBatches(log: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  let start = 0
  while (start + HEADER_BYTES <= log.length) {
    const end = start + 12 + log.readInt32BE(start + 8)
    if (end > log.length) break
    if (log[start + MAGIC_AT] !== 2)
      throw new TypeError(`record batch of magic ${log[start + MAGIC_AT]}, expected 2`)
    batches.push(readHeader(log, start, end))
    start = end
  }
  return batches
}

function readHeader(log: Buffer, start: number, end: number): RecordBatch {
  const attributes = log.readInt16BE(start + 21)
  const baseOffset = log.readBigInt64BE(start)
  return {
    baseOffset,
    nextOffset: baseOffset + BigInt(log.readInt32BE(start + 23)) + 1n,
    producerId: log.readBigInt64BE(start + 43),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl: (attributes & CONTROL) !== 0,
    codec: attributes & CODEC_MASK,
    baseTimestamp: Number(log.readBigInt64BE(start + 27)),
    appendTimestamp: attributes & APPEND_TIME ? Number(log.readBigInt64BE(start + 35)) : undefined,
    recordCount: log.readInt32BE(start + 57),
    records: log.subarray(start + HEADER_BYTES, end),
  }
}

/** Whether a control batch ends a transaction by aborting it: its record's key is a version and a type, 16 bits each. */
export function isAbortMarker(batch: RecordBatch): boolean {
  const [marker] = readRecords(batch, batch.records, batch.baseOffset)
  return (
    marker?.key !== null &&
    marker?.key !== undefined &&
    new ByteReader(marker.key as Buffer, 2).int16() === ABORT_MARKER
  )
}

/** The records of a batch at or after an offset; `bytes` are its records uncompressed. */
export function readRecords(batch: RecordsFrame, bytes: Buffer, from: bigint): ConsumedRecord[] {
  const records: ConsumedRecord[] = []
  const reader = new ByteReader(bytes)
  const headers = new HeadersReader(reader)
  const firstDelta = from > batch.baseOffset ? Number(from - batch.baseOffset) : 0
  for (let i = 0; i < batch.recordCount; i++) {
    const end = reader.varint() + reader.position
    reader.position++
    const timestampDelta = reader.varlong()
    const offsetDelta = reader.varint()
    if (offsetDelta >= firstDelta)
      records.push(readRecord(reader, batch, timestampDelta, offsetDelta, headers, end))
    reader.position = end
  }
  return records
}

function readRecord(
  reader: ByteReader,
  batch: RecordsFrame,
  timestampDelta: number,
  offsetDelta: number,
  headers: HeadersReader,
  end: number,
): ConsumedRecord {
  return {
    offset: batch.baseOffset + BigInt(offsetDelta),
    timestamp: batch.appendTimestamp ?? batch.baseTimestamp + timestampDelta,
    key: readBytes(reader),
    value: readBytes(reader),
    headers: headers.read(end),
  }
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
