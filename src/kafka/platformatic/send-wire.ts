import { Writer, type Connection } from '@platformatic/kafka'
import { ByteReader } from '../record-batch/byte-reader.ts'
import type { WireRequest } from '../client/wire/wire-request.ts'

/**
 * Sends through a connection of the library: it adds the header and matches the answer. Request and answer have the tagged
 * fields of their headers in themselves. How long a broker asks to be left alone is not heeded: it does not read meanwhile.
 */
export function sendWire<T>(connection: Connection, request: WireRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    connection.send<T>(
      request.apiKey,
      request.apiVersion,
      () => Writer.create().append(request.encode().bytes()),
      (_correlationId, _apiKey, _apiVersion, reader) =>
        request.decode(new ByteReader(reader.buffer.buffer)).value,
      false,
      false,
      (error, answer) => (error ? reject(error) : resolve(answer as T)),
    )
  })
}
