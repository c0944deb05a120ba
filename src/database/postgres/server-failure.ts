import {
  DatabaseFailedError,
  DatabaseNotWritableError,
  RowRefusedError,
  TransactionRolledBackError,
} from '../../errors/database-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'

/** What the server says went wrong. Told by its fields, since the user's pool may come from another copy of `pg`. */
interface ServerFailure {
  readonly code: string
  readonly message: string
  readonly severity: string
  /** Of the server's sources, the file that says so. */
  readonly file?: string
}

/** Classes of SQLSTATE that blame the data: data exception, integrity constraint, program limit exceeded. */
const DATA = /^(22|23|54)/
/**
 * What may work next time: connection (08), out of resources (53), transaction rollback (40), no lock (55P03), time-outs
 * (57014, 25P03, 25P04), shut down or not yet up (57P01, 57P02, 57P03, 57P05).
 */
const TRANSIENT = /^(08...|40...|53...|55P03|57014|57P0[1235]|25P03|25P04)$/
/** After these the server closes the connection; `severity` says so too, but in the server's language. */
const ENDS_CONNECTION = /^(08...|57P0[1-5]|25P03|25P04)$/
/** No write at all is possible, and none of them is to blame: disk full (53100), read-only or a standby (25006). */
const NOT_WRITABLE = /^(53100|25006)$/
/** Of a limit or a quota that is used up the server has no code: it comes as an internal error of whatever extends files. */
const INTERNAL = 'XX000'
const EXTENDS_FILES = 'md.c'
/** On these the pool should connect anew, and to another server if there is one. */
const WRONG_SERVER = '25006'

/** Whether the connection is of no use after this failure: anything that is not an answer of the server, too. */
export function breaksConnection(failure: unknown): boolean {
  if (!isServerFailure(failure)) return true
  const isFatal = failure.severity === 'FATAL' || failure.severity === 'PANIC'
  return isFatal || ENDS_CONNECTION.test(failure.code) || failure.code === WRONG_SERVER
}

/** Whether the server itself says that it ended an idle transaction: it had not read what we sent since. */
export function isIdleTimeout(failure: unknown): boolean {
  return isServerFailure(failure) && failure.code === '25P03'
}

/** The failure of a statement, before COMMIT, as an error of ours. */
export function toStatementError(failure: unknown, table: string): StreamsError {
  if (StreamsError.is(failure)) return failure
  if (!isServerFailure(failure)) {
    return new TransactionRolledBackError('the connection was lost before COMMIT', {
      cause: failure,
    })
  }
  const reason = `${failure.message} (SQLSTATE ${failure.code})`
  if (!isWritable(failure)) return new DatabaseNotWritableError(reason, { cause: failure })
  if (DATA.test(failure.code)) return new RowRefusedError(table, reason, { cause: failure })
  if (TRANSIENT.test(failure.code))
    return new TransactionRolledBackError(reason, { cause: failure })
  return new DatabaseFailedError(`${reason}, table ${table}`, { cause: failure })
}

function isWritable({ code, file }: ServerFailure): boolean {
  return !NOT_WRITABLE.test(code) && !(code === INTERNAL && file === EXTENDS_FILES)
}

function isServerFailure(failure: unknown): failure is ServerFailure {
  if (typeof failure !== 'object' || failure === null) return false
  const { code, severity } = failure as Partial<Record<keyof ServerFailure, unknown>>
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && typeof severity === 'string'
}
