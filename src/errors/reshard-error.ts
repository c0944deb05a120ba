import { StreamsError, type ErrorContext } from './streams-error.ts'

/** What is kept cannot be moved to the partitions of its keys. */
export class ReshardError extends StreamsError {
  readonly code = 'RESHARD_REFUSED'
  readonly reaction = 'stop'

  constructor(reason: string, wayOut: string, context?: ErrorContext) {
    super(`reshard moves nothing: ${reason}; ${wayOut}`, context)
  }
}
