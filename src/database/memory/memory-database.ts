import { DatabaseUnreachableError } from '../../errors/database-errors.ts'
import type { Database, TableToMigrate } from '../database.ts'
import type { Row, Table } from '../table.ts'
import type { KeyRange, KeySet, Transaction, TransactionOptions } from '../transaction.ts'
import { Changes } from './changes.ts'
import type { MemorySchema } from './memory-schema.ts'
import { MemoryTransaction } from './memory-transaction.ts'
import { readMany, readRange } from './read-rows.ts'

/** Nothing changed: tables as they were committed. */
const COMMITTED = new Changes()

/** One opening of a schema in memory. */
export class MemoryDatabase implements Database {
  readonly #schema: MemorySchema
  readonly #running = new Set<Promise<unknown>>()
  #isClosed = false

  constructor(schema: MemorySchema) {
    this.#schema = schema
  }

  async getMany(table: Table, keys: KeySet): Promise<Row[]> {
    return readMany(this.#open().table(table), keys, COMMITTED)
  }

  async range(table: Table, range: KeyRange): Promise<Row[]> {
    return readRange(this.#open().table(table), range, COMMITTED)
  }

  async migrate<T>(
    tables: readonly TableToMigrate[],
    then: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#transact({}, async (transaction) => {
      await transaction.lockSchema()
      const undo = this.#schema.migrate(tables)
      return then(transaction).catch((error: unknown) => {
        undo()
        throw error
      })
    })
  }

  async dropTable(table: Table): Promise<void> {
    this.#open().drop(table)
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#transact(options, work)
  }

  /** Lets running transactions end, as a pool of connections does. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(this.#running)
  }

  async #transact<T>(
    options: TransactionOptions,
    work: (transaction: MemoryTransaction) => Promise<T>,
  ): Promise<T> {
    const running = transact(new MemoryTransaction(this.#open(), options), work)
    this.#running.add(running)
    return running.finally(() => this.#running.delete(running))
  }

  #open(): MemorySchema {
    if (this.#isClosed) throw new DatabaseUnreachableError('in memory', 'it was closed')
    return this.#schema
  }
}

async function transact<T>(
  transaction: MemoryTransaction,
  work: (transaction: MemoryTransaction) => Promise<T>,
): Promise<T> {
  try {
    const result = await work(transaction)
    await transaction.commit()
    return result
  } catch (error) {
    await transaction.rollback()
    throw error
  }
}
