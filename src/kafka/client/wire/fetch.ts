import type { ByteReader } from '../../record-batch/byte-reader.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** What to fetch from one broker. */
export interface FetchOptions {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxBytesPerPartition: number
  readonly readCommitted: boolean
  /** In the order in which the broker fills its answer. */
  readonly partitions: readonly {
    readonly topic: string
    readonly partition: number
    readonly offset: bigint
  }[]
}

/** A partition in the answer to a fetch. */
export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: bigint
  /** Every transaction below it is decided. */
  readonly lastStableOffset: bigint
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** Record batches as they lie in the log, the last one perhaps cut off. */
  readonly log: Buffer
}

/** A transaction that was aborted; its records lie between its first offset and its producer's next control record. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** Fetch, version 11, without a fetch session. */
export function fetchRequest(options: FetchOptions): WireRequest<FetchedPartition[]> {
  return {
    apiKey: 1,
    apiVersion: 11,
    apiName: 'Fetch',
    encode: () => encode(options),
    decode: (reader) => {
      const throttleMs = reader.int32()
      reader.position += 6
      return { throttleMs, value: reader.array(() => readTopic(reader)).flat() }
    },
  }
}

function encode({
  maxWaitMs,
  minBytes,
  maxBytes,
  maxBytesPerPartition,
  readCommitted,
  partitions,
}: FetchOptions): ByteWriter {
  const writer = new ByteWriter()
  writer
    .int32(-1)
    .int32(maxWaitMs)
    .int32(minBytes)
    .int32(maxBytes)
    .int8(readCommitted ? 1 : 0)
  writer.int32(0).int32(-1)
  writer.array(partitions, ({ topic, partition, offset }) => {
    writer.string(topic).int32(1)
    writer.int32(partition).int32(-1).int64(offset).int64(-1n).int32(maxBytesPerPartition)
  })
  return writer.int32(0).string('')
}

function readTopic(reader: ByteReader): FetchedPartition[] {
  const topic = reader.string()
  return reader.array(() => readPartition(reader, topic))
}

function readPartition(reader: ByteReader, topic: string): FetchedPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  reader.position += 8
  const abortedTransactions = reader.array(() => ({
    producerId: reader.int64(),
    firstOffset: reader.int64(),
  }))
  reader.position += 4
  const log = reader.bytes()
  return { topic, partition, errorCode, highWatermark, lastStableOffset, abortedTransactions, log }
}
