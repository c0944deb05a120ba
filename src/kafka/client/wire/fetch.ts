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
    /** The leader epoch of what was fetched before, with which the log has to agree; −1: it need not. */
    readonly lastEpoch: number
  }[]
}

/** A partition in the answer to a fetch. */
export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly highWatermark: bigint
  /** Where the log parts from what was fetched before (KIP-595); then there is nothing else. */
  readonly diverging: Divergence | undefined
  /** Every transaction below it is decided. */
  readonly lastStableOffset: bigint
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** Record batches as they lie in the log, the last one perhaps cut off. */
  readonly log: Buffer
}

/** The last of the epochs that a log shares with what was fetched from it, and where it ends. */
export interface Divergence {
  readonly epoch: number
  readonly endOffset: bigint
}

/** A transaction that was aborted; its records lie between its first offset and its producer's next control record. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

/** Fetch, version 12, the first flexible one, without a fetch session. The broker looks whether its log is that of the last fetch. */
export function fetchRequest(options: FetchOptions): WireRequest<FetchedPartition[]> {
  return {
    apiKey: 1,
    apiVersion: 12,
    apiName: 'Fetch',
    encode: () => encode(options),
    decode: (reader) => {
      reader.skipTags()
      const throttleMs = reader.int32()
      reader.position += 6
      return { throttleMs, value: reader.compactArray(() => readTopic(reader)).flat() }
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
  const writer = new ByteWriter().noTags()
  writer
    .int32(-1)
    .int32(maxWaitMs)
    .int32(minBytes)
    .int32(maxBytes)
    .int8(readCommitted ? 1 : 0)
  writer.int32(0).int32(-1)
  writer.compactArray(partitions, ({ topic, partition, offset, lastEpoch }) => {
    writer.compactString(topic).unsignedVarint(2)
    writer.int32(partition).int32(-1).int64(offset).int32(lastEpoch).int64(-1n)
    writer.int32(maxBytesPerPartition).noTags().noTags()
  })
  return writer
    .compactArray([], () => undefined)
    .compactString('')
    .noTags()
}

function readTopic(reader: ByteReader): FetchedPartition[] {
  const topic = reader.compactString()
  const partitions = reader.compactArray(() => readPartition(reader, topic))
  reader.skipTags()
  return partitions
}

function readPartition(reader: ByteReader, topic: string): FetchedPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  reader.position += 8
  const abortedTransactions = reader.compactArray(() => {
    const aborted = { producerId: reader.int64(), firstOffset: reader.int64() }
    reader.skipTags()
    return aborted
  })
  reader.position += 4
  const log = reader.compactBytes()
  const diverging = readDivergence(reader)
  const offsets = { highWatermark, lastStableOffset }
  return { topic, partition, errorCode, ...offsets, diverging, abortedTransactions, log }
}

const DIVERGING_EPOCH = 0

function readDivergence(reader: ByteReader): Divergence | undefined {
  let diverging: Divergence | undefined
  reader.tags((tag) => {
    if (tag === DIVERGING_EPOCH) diverging = { epoch: reader.int32(), endOffset: reader.int64() }
  })
  return diverging
}
