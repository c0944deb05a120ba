import { RegistryRefusedError, RegistryUnreachableError } from '../../errors/registry-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'

/** What the library throws for an answer of the registry, or for none. */
interface ResponseError extends Error {
  readonly status: number
}

/** Answers that may be others next time. */
const PASSING_STATUSES = [408, 425, 429]

/** The status of the registry's answer; `undefined` when the library itself threw. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  // The only case in which the library hides the status.
  if (error.name === 'ConfluentSchemaRegistryError') return 404
  return (error as Partial<ResponseError>).status
}

/** What the registry or the library says, without the name of the client before it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^\S+ - (?:Error, (?:status 400: )?)?/, '')
}

/** A failed request, as an error that says what to do about it. */
export function registryFailure(url: string, request: string, error: unknown): StreamsError {
  return isPassing(error)
    ? new RegistryUnreachableError(url, reasonOf(error), { cause: error })
    : new RegistryRefusedError(url, request, reasonOf(error), { cause: error })
}

/** A connection that failed is told as a 400 without the registry's own words. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error)
  if (error instanceof RequestTimeout) return true
  if (status === undefined) return false
  const hasNoAnswer = status === 400 && / - Error, status 400/.test((error as Error).message)
  return hasNoAnswer || status >= 500 || PASSING_STATUSES.includes(status)
}

/** The registry took a request and did not answer. */
export class RequestTimeout extends TypeError {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}
