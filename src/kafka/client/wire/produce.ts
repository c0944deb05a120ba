import { ByteWriter } from '../../record-batch/byte-writer.ts'
import {
  BATCH_HEADER_BYTES,
  writeBatch,
  type BatchProducer,
} from '../../record-batch/batch-writer.ts'
import type { EncodedRecords } from '../../record-batch/encoded-records.ts'
import type { WireRequest } from './wire-request.ts'

/** One produce request to one broker: at most one record batch for each partition, as the broker demands. */
export interface ProduceOptions {
  readonly transactionalId: string | null
  readonly timeoutMs: number
  readonly batches: readonly ProduceBatch[]
}

/** A record batch for one partition, and who writes it. */
export interface ProduceBatch {
  readonly records: EncodedRecords
  readonly producer: BatchProducer
}

/** Upper bounds: a topic's name has 249 bytes at most, a transactional id is short. */
const REQUEST_HEADER_BYTES = 512
const TOPIC_BYTES = 2 + 249 + 12

/** Bytes that a batch takes in a request, at most: so that the request's buffer need not grow. */
export function bytesInRequest({ bytes }: EncodedRecords): number {
  return TOPIC_BYTES + BATCH_HEADER_BYTES + bytes.length
}

/** The answer for one batch. */
export interface ProducedBatch {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
}

/** Produce, version 7, acknowledged by all replicas. */
export function produceRequest(options: ProduceOptions): WireRequest<ProducedBatch[]> {
  return {
    apiKey: 0,
    apiVersion: 7,
    apiName: 'Produce',
    encode: () => encode(options),
    decode: (reader) => {
      const value = reader.array(() => {
        const topic = reader.string()
        return reader.array(() => {
          const batch = { topic, partition: reader.int32(), errorCode: reader.int16() }
          reader.position += 24
          return batch
        })
      })
      return { throttleMs: reader.int32(), value: value.flat() }
    },
  }
}

function encode({ transactionalId, timeoutMs, batches }: ProduceOptions): ByteWriter {
  const bytes = batches.reduce((sum, { records }) => sum + bytesInRequest(records), 0)
  const writer = new ByteWriter(bytes + REQUEST_HEADER_BYTES)
  writer.string(transactionalId).int16(-1).int32(timeoutMs)
  return writer.array(batches, ({ records, producer }) => {
    writer.string(records.topic).int32(1).int32(records.partition)
    writer.int32(BATCH_HEADER_BYTES + records.bytes.length)
    writeBatch(writer, records, producer)
  })
}
