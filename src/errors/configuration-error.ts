import { StreamsError, type ErrorContext } from './streams-error.ts'

/** The application is put together in a way that cannot run: a wrong option, a topology that contradicts itself. */
export class ConfigurationError extends StreamsError {
  readonly code = 'CONFIGURATION_INVALID'
  readonly reaction = 'stop'

  constructor(message: string, context?: ErrorContext) {
    super(message, context)
  }
}
