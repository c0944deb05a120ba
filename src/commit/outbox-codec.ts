import { ByteReader } from '../kafka/record-batch/byte-reader.ts'
import { ByteWriter } from '../kafka/record-batch/byte-writer.ts'
import type { EncodedRecords } from '../kafka/record-batch/encoded-records.ts'
import { packBySize } from '../model/pack-by-size.ts'

/** A part of a batch larger than this is split: a row of the outbox stays far below what a database takes. */
export const OUTBOX_PART_BYTES_MAX = 8 * 1024 * 1024

/** Format 1 held single records; no release wrote it. */
const FORMAT = 2
const FORMAT_BYTES = 1
/** Format 3 holds nothing. */
const REPLAYED_FORMAT = 3
/** A topic's name has 249 bytes at most. */
const HEADER_BYTES_MAX = 2 + 249 + 4 + 4 + 8 + 8 + 4

/**
 * Packs encoded records into as few parts as their size allows. Layout of a part: format byte; then until the end, for each
 * batch: topic (length i16, UTF-8), partition i32, number of records i32, base and maximal timestamp i64, their bytes with
 * the length as i32. Integers are big-endian. What is published is these bytes as they are.
 */
export function encodeOutbox(records: readonly EncodedRecords[]): Uint8Array[] {
  return packBySize(records, bytesInPart, OUTBOX_PART_BYTES_MAX - FORMAT_BYTES).map(encodePart)
}

/**
 * The only part of a batch whose records are not stored: a task without state makes them again from the same input, so the next
 * owner goes on from the last transaction that Kafka has committed ([ADR 7](../../docs/adr/0007-replayed-not-stored.md)).
 */
export const REPLAYED: Uint8Array = Uint8Array.of(REPLAYED_FORMAT)

/** Whether a part stands for records that are made again. */
export function isReplayed(part: Uint8Array): boolean {
  return part[0] === REPLAYED_FORMAT
}

/** The batches of one part, in the order in which they were packed; views of it. */
export function decodeOutbox(part: Uint8Array): EncodedRecords[] {
  const reader = new ByteReader(Buffer.from(part.buffer, part.byteOffset, part.byteLength))
  const format = reader.int8()
  if (format !== FORMAT)
    throw new TypeError(`outbox format ${format} is not known to this version (${FORMAT})`)
  const records: EncodedRecords[] = []
  while (reader.position < part.length) records.push(readBatch(reader))
  if (reader.position > part.length) throw new TypeError('an outbox part is cut off')
  return records
}

/** At most. */
function bytesInPart({ bytes }: EncodedRecords): number {
  return HEADER_BYTES_MAX + bytes.length
}

function encodePart(records: readonly EncodedRecords[]): Uint8Array {
  const size = records.reduce((sum, batch) => sum + bytesInPart(batch), FORMAT_BYTES)
  const writer = new ByteWriter(size).int8(FORMAT)
  for (const { topic, partition, count, baseTimestamp, maxTimestamp, bytes } of records) {
    writer.string(topic).int32(partition).int32(count)
    writer.int64(BigInt(baseTimestamp)).int64(BigInt(maxTimestamp))
    writer.int32(bytes.length).raw(bytes)
  }
  return writer.bytes()
}

function readBatch(reader: ByteReader): EncodedRecords {
  return {
    topic: reader.string(),
    partition: reader.int32(),
    count: reader.int32(),
    baseTimestamp: Number(reader.int64()),
    maxTimestamp: Number(reader.int64()),
    bytes: reader.bytes(),
  }
}
