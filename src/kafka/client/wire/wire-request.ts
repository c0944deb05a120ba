import type { Broker } from '../broker.ts'
import type { ByteReader } from '../../record-batch/byte-reader.ts'
import { ByteReader as Reader } from '../../record-batch/byte-reader.ts'
import type { ByteWriter } from '../../record-batch/byte-writer.ts'

/** A request that is written and read here, because kafkajs has no version of it that says what is needed. */
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

/** An answer and the broker's throttling (KIP-219), which kafkajs' connection obeys. */
export interface WireResponse<T> {
  readonly throttleMs: number
  readonly value: T
}

/** Sends through kafkajs' connections: it adds the header, matches the answer and keeps the time-outs. */
export async function send<T>(broker: Broker, request: WireRequest<T>): Promise<T> {
  const { apiKey, apiVersion, apiName, timeoutMs } = request
  const answer = await broker.connectionPool.send({
    request: {
      apiKey,
      apiVersion,
      apiName,
      encode: async () => asEncoder(request.encode().bytes()),
    },
    response: {
      decode: async (payload: Buffer) => {
        const { throttleMs, value } = request.decode(new Reader(payload))
        return { clientSideThrottleTime: throttleMs, value }
      },
      parse: async (decoded: { value: T }) => decoded.value,
    },
    requestTimeout: timeoutMs ?? null,
    logResponseError: false,
  })
  return answer as T
}

/** What kafkajs' `Encoder` is to the code that takes one. */
function asEncoder(bytes: Buffer): { buf: Buffer; buffer: Buffer } {
  return { buf: bytes, buffer: bytes }
}
