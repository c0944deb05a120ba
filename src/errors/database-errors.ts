import { StreamsError, type ErrorContext } from './streams-error.ts'

/** The database does not answer, or refuses the connection. */
export class DatabaseUnreachableError extends StreamsError {
  readonly code = 'DATABASE_UNREACHABLE'
  readonly reaction = 'retry'

  constructor(database: string, reason: string, context?: ErrorContext) {
    super(`the database ${database} cannot be reached: ${reason}`, context)
  }
}

/** A transaction was certainly rolled back, and the same one may succeed next time (deadlock, serialization, lock time-out, connection lost before COMMIT). */
export class TransactionRolledBackError extends StreamsError {
  readonly code = 'TRANSACTION_ROLLED_BACK'
  readonly reaction = 'retry'

  constructor(reason: string, context?: ErrorContext) {
    super(`the database transaction was rolled back: ${reason}`, context)
  }
}

/** The database reads, but does not write: its disk is full, or it is read-only. The transaction was rolled back; nothing is wrong with it. */
export class DatabaseNotWritableError extends StreamsError {
  readonly code = 'DATABASE_NOT_WRITABLE'
  readonly reaction = 'wait'

  constructor(reason: string, context?: ErrorContext) {
    super(`the database takes no writes: ${reason}`, context)
  }
}

/** The connection broke while COMMIT was under way: the transaction may or may not be durable. */
export class CommitUnknownError extends StreamsError {
  readonly code = 'COMMIT_UNKNOWN'
  readonly reaction = 'rejoin'

  constructor(context?: ErrorContext) {
    super('the connection broke during COMMIT; the outcome is unknown', context)
  }
}

/** The database refused a row for what it contains (out of range, too long, invalid text). */
export class RowRefusedError extends StreamsError {
  readonly code = 'ROW_REFUSED'
  readonly reaction = 'stop'

  constructor(table: string, reason: string, context?: ErrorContext) {
    super(`the database refused a row of ${table}: ${reason}`, context)
  }
}

/** A statement that should always work failed: missing rights, a table changed by hand. */
export class DatabaseFailedError extends StreamsError {
  readonly code = 'DATABASE_FAILED'
  readonly reaction = 'stop'

  constructor(reason: string, context?: ErrorContext) {
    super(`the database failed: ${reason}`, context)
  }
}
