import { BrokerError } from '../client/broker-error.ts'
import { ConnectionLostError } from '../client/connection-lost-error.ts'

const CONNECTION_ERRORS = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
])

/** An error of kafkajs in the words of `client`; one that it has no word for stays as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if ('code' in error && typeof error.code === 'number') return toBrokerError(error)
  if (CONNECTION_ERRORS.has(error.name))
    return new ConnectionLostError(error.message, { cause: error })
  return error
}

/** For an error that is known to be a broker's. */
export function toBrokerError(error: Error & { code?: unknown }): BrokerError {
  return new BrokerError(Number(error.code), error.message, { cause: error })
}
