import type { OutgoingRecord } from '../../../model/record.ts'
import { ByteWriter, varintSize, varlongSize } from './byte-writer.ts'
import { crc32c } from './crc32c.ts'
import type { Headers } from '../../../model/headers.ts'

/** Who writes a batch: what lets the broker drop repeats and keep transactions apart. */
export interface BatchProducer {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly firstSequence: number
  readonly isTransactional: boolean
}

const MAGIC = 2
const TRANSACTIONAL = 0x10
/** From the start of a batch to its checksum, and from there to the first field that the checksum covers. */
const CRC_AT = 17
const LENGTH_AT = 8
const ATTRIBUTES_AT = 21

/** An upper bound of the bytes of a record; the exact varints are smaller. */
export function recordBytesMax({ key, value, headers }: OutgoingRecord): number {
  let size = 32 + (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, bytes] of headers) size += 10 + name.length * 3 + (bytes?.length ?? 0)
  return size
}

/** Appends one record batch (magic 2, uncompressed) with the records `from` inclusive `to` exclusive, at least one. */
export function writeRecordBatch(
  writer: ByteWriter,
  records: readonly OutgoingRecord[],
  { from, to }: { readonly from: number; readonly to: number },
  producer: BatchProducer,
): void {
  const start = writer.length
  const baseTimestamp = records[from]!.timestamp
  writer.int64(0n).int32(0).int32(-1).int8(MAGIC).int32(0)
  writer.int16(producer.isTransactional ? TRANSACTIONAL : 0).int32(to - from - 1)
  writer.int64(BigInt(baseTimestamp)).int64(BigInt(maxTimestamp(records, from, to)))
  writer.int64(producer.producerId).int16(producer.producerEpoch).int32(producer.firstSequence)
  writer.int32(to - from)
  const headers = new HeadersEncoder()
  for (let i = from; i < to; i++) writeRecord(writer, records[i]!, i - from, baseTimestamp, headers)
  writer.int32At(start + LENGTH_AT, writer.length - start - LENGTH_AT - 4)
  writer.uint32At(start + CRC_AT, crc32c(writer.bytes(), start + ATTRIBUTES_AT, writer.length))
}

function maxTimestamp(records: readonly OutgoingRecord[], from: number, to: number): number {
  let max = records[from]!.timestamp
  for (let i = from + 1; i < to; i++) if (records[i]!.timestamp > max) max = records[i]!.timestamp
  return max
}

function writeRecord(
  writer: ByteWriter,
  record: OutgoingRecord,
  index: number,
  base: number,
  encoder: HeadersEncoder,
): void {
  const { key, value } = record
  const headers = encoder.encode(record.headers)
  const delta = record.timestamp - base
  const keySize = key === null ? -1 : key.length
  const valueSize = value === null ? -1 : value.length
  const size =
    1 +
    varlongSize(delta) +
    varintSize(index) +
    sizeWithLength(keySize) +
    sizeWithLength(valueSize) +
    headers.length
  writer.varint(size).int8(0).varlong(delta).varint(index).varint(keySize)
  if (key !== null) writer.raw(key)
  writer.varint(valueSize)
  if (value !== null) writer.raw(value)
  writer.raw(headers)
}

function sizeWithLength(size: number): number {
  return varintSize(size) + Math.max(0, size)
}

/** Records of a batch often share their headers: the same object is encoded once. */
class HeadersEncoder {
  #headers: Headers | undefined
  #bytes: Uint8Array = Uint8Array.of(0)

  encode(headers: Headers): Uint8Array {
    if (headers === this.#headers) return this.#bytes
    const writer = new ByteWriter(64)
    writeHeaders(writer, headers)
    this.#headers = headers
    this.#bytes = writer.bytes()
    return this.#bytes
  }
}

function writeHeaders(writer: ByteWriter, headers: Headers): void {
  writer.varint(headers.length)
  for (const [name, value] of headers) {
    const size = Buffer.byteLength(name)
    writer
      .varint(size)
      .rawText(name, size)
      .varint(value === null ? -1 : value.length)
    if (value !== null) writer.raw(value)
  }
}
