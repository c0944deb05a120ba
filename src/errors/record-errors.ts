import { StreamsError, type ErrorContext } from './streams-error.ts'

/** A key or value could not be decoded. */
export class DeserializationError extends StreamsError {
  readonly code = 'DESERIALIZATION_FAILED'
  readonly reaction = 'stop'

  constructor(part: 'key' | 'value', reason: string, context?: ErrorContext) {
    super(`the ${part} cannot be read: ${reason}`, context)
  }
}

/** A value could not be encoded for a topic or a column. */
export class SerializationError extends StreamsError {
  readonly code = 'SERIALIZATION_FAILED'
  readonly reaction = 'stop'

  constructor(what: string, reason: string, context?: ErrorContext) {
    super(`${what} cannot be written: ${reason}`, context)
  }
}

/** A user's function threw. */
export class ProcessingError extends StreamsError {
  readonly code = 'PROCESSING_FAILED'
  readonly reaction = 'stop'

  constructor(node: string, reason: string, context?: ErrorContext) {
    super(`node ${node} failed: ${reason}`, context)
  }
}

/** A record's timestamp is negative or outside what a store can hold. */
export class InvalidTimestampError extends StreamsError {
  readonly code = 'INVALID_TIMESTAMP'
  readonly reaction = 'stop'

  constructor(timestamp: number, reason: string, context?: ErrorContext) {
    super(`timestamp ${timestamp} ${reason}`, context)
  }
}

/** A store cannot hold this key or value: too long, U+0000, a lone surrogate, an int64 that a double cannot hold. */
export class StoreRefusedError extends StreamsError {
  readonly code = 'STORE_REFUSED'
  readonly reaction = 'stop'

  constructor(store: string, reason: string, context?: ErrorContext) {
    super(`store ${store} cannot hold the row: ${reason}`, context)
  }
}

/** More changes are held back than `suppress` may hold, and it is to stop rather than to tell them early. */
export class SuppressBufferFullError extends StreamsError {
  readonly code = 'SUPPRESS_BUFFER_FULL'
  readonly reaction = 'stop'

  constructor(node: string, reason: string, context?: ErrorContext) {
    super(`the buffer of ${node} is full: ${reason}`, context)
  }
}
