import { StreamsError, type ErrorContext } from './streams-error.ts'

/** Something that the library does not expect: most likely a defect in it. */
export class UnexpectedError extends StreamsError {
  readonly code = 'UNEXPECTED'
  readonly reaction = 'stop'

  constructor(message: string, context?: ErrorContext) {
    super(message, context)
  }
}
