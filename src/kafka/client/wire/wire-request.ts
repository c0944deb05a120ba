import type { ByteReader } from '../../record-batch/byte-reader.ts'
import type { ByteWriter } from '../../record-batch/byte-writer.ts'

/** A request that is written and read here, because no client library has it in a version and shape that says what is needed. */
export interface WireRequest<T> {
  readonly apiKey: number
  readonly apiVersion: number
  readonly apiName: string
  /** When the broker may take longer than the client's own request time-out. */
  readonly timeoutMs?: number
  encode(): ByteWriter
  /** Reads the answer after its correlation id, and how long the broker asks the client to be silent. */
  decode(reader: ByteReader): WireResponse<T>
}

/** An answer and the broker's throttling (KIP-219), which a library's connection may obey. */
export interface WireResponse<T> {
  readonly throttleMs: number
  readonly value: T
}
