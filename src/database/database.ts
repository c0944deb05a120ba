import type { Logger } from '../telemetry/logger.ts'
import type { Table } from './table.ts'
import type { Reader, Transaction, TransactionOptions } from './transaction.ts'

/** What an application hands to `new Streams(…)`: a database with its own configuration, not yet connected. */
export interface DatabaseAdapter {
  /** `postgres`, `memory`, … */
  readonly name: string
  /**
   * Connects.
   * @throws DatabaseUnreachableError `DATABASE_UNREACHABLE`
   */
  open(options: DatabaseOpenOptions): Promise<Database>
}

/** What the runtime adds to the user's configuration. */
export interface DatabaseOpenOptions {
  /** Schema that holds every table; made by {@link Database.migrate}. */
  readonly schema: string
  readonly logger: Logger
}

/**
 * Tables of one schema and transactions over them. Knows no store, no offset and no word of Kafka.
 * Reads outside a transaction see committed rows only.
 */
export interface Database extends Reader {
  /**
   * Makes what is missing of the schema, the tables and their partitions `0 … partitions − 1`, then runs `then`, all in one
   * transaction under a lock of the schema, so that any number of instances may start at once. Never drops, never narrows.
   */
  migrate<T>(
    tables: readonly TableToMigrate[],
    then: (transaction: Transaction) => Promise<T>,
  ): Promise<T>
  /**
   * Runs `work` in one transaction at READ COMMITTED and commits; rolls back and rethrows when it rejects.
   * Statements of one transaction run in the order they were called, also when they are not awaited one by one.
   *
   * @throws TransactionRolledBackError `TRANSACTION_ROLLED_BACK`: certainly not durable, the same may succeed later
   *   (deadlock, serialization, time-outs, a connection lost before COMMIT was sent).
   * @throws DatabaseNotWritableError `DATABASE_NOT_WRITABLE`: rolled back; no write is possible now (disk full, read-only).
   * @throws CommitUnknownError `COMMIT_UNKNOWN`: the connection broke after COMMIT was sent.
   * @throws RowRefusedError `ROW_REFUSED`: a row that the database does not take; rolled back.
   * @throws DatabaseUnreachableError `DATABASE_UNREACHABLE`: no connection; nothing was sent.
   */
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
  /** Drops a table with its rows; nothing happens when there is none. In several transactions when it has hundreds of partitions. */
  dropTable(table: Table): Promise<void>
  /** Closes all connections (a pool handed in by the user stays open). Idempotent. */
  close(): Promise<void>
}

/** A table and how many values its column `partition` has; the number is ignored where it is not partitioned. */
export interface TableToMigrate {
  readonly table: Table
  readonly partitions?: number
}
