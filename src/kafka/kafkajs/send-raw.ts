import { ByteReader } from '../record-batch/byte-reader.ts'
import type { WireRequest } from '../client/wire/wire-request.ts'
import type { RawConnectionPool } from './raw-broker.ts'

/** Sends through kafkajs' connections: it adds the header, matches the answer and keeps the time-outs. */
export async function sendRaw<T>(
  connectionPool: RawConnectionPool,
  request: WireRequest<T>,
): Promise<T> {
  const { apiKey, apiVersion, apiName, timeoutMs } = request
  const answer = await connectionPool.send({
    request: {
      apiKey,
      apiVersion,
      apiName,
      encode: async () => asEncoder(request.encode().bytes()),
    },
    response: {
      decode: async (payload: Buffer) => {
        const { throttleMs, value } = request.decode(new ByteReader(payload))
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
