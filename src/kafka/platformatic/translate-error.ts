import {
  AuthenticationError,
  NetworkError,
  ResponseError,
  TimeoutError,
  UnexpectedCorrelationIdError,
  UserError,
  type ProtocolError,
} from '@platformatic/kafka'
import { BrokerError } from '../client/broker-error.ts'
import { ConnectionLostError } from '../client/connection-lost-error.ts'

/** What a broker answers for all partitions of a request but the one that it refuses. */
const OPERATION_NOT_ATTEMPTED = 55

/** An error of @platformatic/kafka in the words of `client`; one that it has no word for stays as it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof ResponseError) return toBrokerError(error)
  if (!isOfTheNetwork(error) || isOfTheUser(error.cause)) return error
  const reason =
    error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message
  return new ConnectionLostError(reason, { cause: error })
}

/** An answer has an error for each part of the request: the first one that says something. */
function toBrokerError(error: ResponseError): BrokerError {
  const refusals = error.errors as ProtocolError[]
  const { apiId, apiCode, serverErrorMessage, message } =
    refusals.find((refusal) => refusal['apiCode'] !== OPERATION_NOT_ATTEMPTED) ?? refusals[0]!
  return new BrokerError(Number(apiCode), `${apiId}: ${serverErrorMessage ?? message}`, {
    cause: error,
  })
}

function isOfTheNetwork(error: unknown): error is Error {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof UnexpectedCorrelationIdError
  )
}

/** Wrong credentials and a missing TLS configuration come as failed connections: trying again does not mend them. */
function isOfTheUser(cause: unknown): boolean {
  return cause instanceof AuthenticationError || cause instanceof UserError
}
