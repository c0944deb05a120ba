import { ByteWriter } from './byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** One produce request to one broker: at most one record batch for each partition, as the broker demands. */
export interface ProduceOptions {
  readonly transactionalId: string | null
  readonly timeoutMs: number
  readonly batches: readonly ProduceBatch[]
  /** Upper bound of the request's bytes, so that its buffer need not grow. */
  readonly bytesMax: number
}

/** A record batch for one partition, written when the request is encoded. */
export interface ProduceBatch {
  readonly topic: string
  readonly partition: number
  write(writer: ByteWriter): void
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

function encode({ transactionalId, timeoutMs, batches, bytesMax }: ProduceOptions): ByteWriter {
  const writer = new ByteWriter(bytesMax + 256)
  writer.string(transactionalId).int16(-1).int32(timeoutMs)
  return writer.array(batches, (batch) => {
    writer.string(batch.topic).int32(1).int32(batch.partition)
    const lengthAt = writer.length
    writer.int32(0)
    batch.write(writer)
    writer.int32At(lengthAt, writer.length - lengthAt - 4)
  })
}
