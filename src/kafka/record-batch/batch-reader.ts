import { ByteReader } from './byte-reader.ts'
import { readRecords, type RecordsFrame } from './records-reader.ts'

/** The header of a record batch and its still encoded, perhaps compressed records. */
export interface RecordBatch extends RecordsFrame {
  /** The offset after the batch, also when compaction took its last records. */
  readonly nextOffset: bigint
  /** Of the leader that appended it: goes up with each election. */
  readonly leaderEpoch: number
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
    leaderEpoch: log.readInt32BE(start + 12),
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
