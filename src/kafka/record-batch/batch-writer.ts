import type { ByteWriter } from './byte-writer.ts'
import { crc32c } from './crc32c.ts'
import type { EncodedRecords } from './encoded-records.ts'

/** Who writes a batch: what lets the broker drop repeats and keep transactions apart. */
export interface BatchProducer {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly firstSequence: number
  readonly isTransactional: boolean
}

/** Bytes of a batch around its records. */
export const BATCH_HEADER_BYTES = 61

const MAGIC = 2
const TRANSACTIONAL = 0x10
/** From the start of a batch to its checksum, and from there to the first field that the checksum covers. */
const CRC_AT = 17
const LENGTH_AT = 8
const ATTRIBUTES_AT = 21

/** Appends one record batch (magic 2, uncompressed): the records as they are, and what the producer adds. */
export function writeBatch(
  writer: ByteWriter,
  { count, baseTimestamp, maxTimestamp, bytes }: EncodedRecords,
  { producerId, producerEpoch, firstSequence, isTransactional }: BatchProducer,
): void {
  const start = writer.length
  writer.int64(0n).int32(0).int32(-1).int8(MAGIC).int32(0)
  writer.int16(isTransactional ? TRANSACTIONAL : 0).int32(count - 1)
  writer.int64(BigInt(baseTimestamp)).int64(BigInt(maxTimestamp))
  writer.int64(producerId).int16(producerEpoch).int32(firstSequence).int32(count).raw(bytes)
  writer.int32At(start + LENGTH_AT, writer.length - start - LENGTH_AT - 4)
  writer.uint32At(start + CRC_AT, crc32c(writer.bytes(), start + ATTRIBUTES_AT, writer.length))
}
