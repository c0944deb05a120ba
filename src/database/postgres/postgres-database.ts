import type { Database, TableToMigrate } from '../database.ts'
import type { Row, Table } from '../table.ts'
import type { KeyRange, KeySet, Transaction, TransactionOptions } from '../transaction.ts'
import { decodeRows } from './codec/row-decoder.ts'
import { compileGetMany, compileRange } from './compile/select.ts'
import { dropSome } from './schema/drop-table.ts'
import { makeWhatIsMissing } from './schema/migration.ts'
import { PostgresTransaction } from './postgres-transaction.ts'
import { toStatementError } from './server-failure.ts'
import type { SessionPool } from './session-pool.ts'
import { SharedSession } from './shared-session.ts'
import type { Statement } from './statement.ts'

/** The tables of one schema of a PostgreSQL database. */
export class PostgresDatabase implements Database {
  readonly #pool: SessionPool
  readonly #reads: SharedSession
  readonly #schema: string

  constructor(pool: SessionPool, schema: string) {
    this.#pool = pool
    this.#reads = new SharedSession(pool)
    this.#schema = schema
  }

  async getMany(table: Table, keys: KeySet, { lock = false } = {}): Promise<Row[]> {
    if (keys.keys.length === 0) return []
    return this.#read(table, compileGetMany(this.#schema, table, keys, lock))
  }

  range(table: Table, range: KeyRange): Promise<Row[]> {
    return this.#read(table, compileRange(this.#schema, table, range))
  }

  /** In several transactions when hundreds of children are missing: one could not hold all their locks. The last runs `then`. */
  async migrate<T>(
    tables: readonly TableToMigrate[],
    then: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const outcome = await this.#transact({}, async (transaction) => {
        const isComplete = await makeWhatIsMissing(transaction, this.#schema, tables)
        return isComplete ? { result: await then(transaction) } : undefined
      })
      if (outcome) return outcome.result
    }
  }

  async dropTable(table: Table): Promise<void> {
    for (let isGone = false; !isGone;)
      isGone = await this.#transact({}, (transaction) => dropSome(transaction, this.#schema, table))
  }

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#transact(options, work)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  async #transact<T>(
    options: TransactionOptions,
    work: (transaction: PostgresTransaction) => Promise<T>,
  ): Promise<T> {
    const session = await this.#pool.acquire()
    const transaction = new PostgresTransaction(session, this.#schema)
    try {
      transaction.begin(options)
      const result = await work(transaction)
      await transaction.commit()
      return result
    } catch (error) {
      await transaction.rollback()
      throw error
    } finally {
      session.release()
    }
  }

  async #read(table: Table, statement: Statement): Promise<Row[]> {
    return this.#reads.use(async (session) => {
      const { rows } = await session.send(statement).catch((failure: unknown) => {
        throw toStatementError(failure, table.name)
      })
      return decodeRows(table, rows)
    })
  }
}
