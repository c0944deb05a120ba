import type { Database } from '../../../src/database/database.ts'

/** A process that dies: what was under way is answered by this, and so is all that comes after. */
export class CrashError extends TypeError {}

/** Where a process dies. */
export interface Crash {
  /** In which of its transactions, from 0. */
  readonly at: number
  /** The transaction is rolled back, or it is durable and nobody was told. */
  readonly when: 'before' | 'after'
}

/** A database as a process sees it that dies in one of its transactions. */
export function crashing(database: Database, { at, when }: Crash): Database {
  let count = 0
  const alive = () => {
    if (count > at) throw new CrashError()
  }
  const durably = async <T>(work: (fail: () => void) => Promise<T>): Promise<T> => {
    alive()
    const isLast = count++ === at
    const fail = () => {
      if (isLast && when === 'before') throw new CrashError()
    }
    const result = await work(fail)
    if (isLast) throw new CrashError()
    return result
  }
  return {
    getMany: async (table, keys, options) => (alive(), database.getMany(table, keys, options)),
    range: async (table, range) => (alive(), database.range(table, range)),
    migrate: (tables, then) =>
      durably((fail) =>
        database.migrate(tables, async (transaction) => {
          const result = await then(transaction)
          fail()
          return result
        }),
      ),
    transaction: (work, options) =>
      durably((fail) =>
        database.transaction(async (transaction) => {
          const result = await work(transaction)
          fail()
          return result
        }, options),
      ),
    dropTable: (table) =>
      durably(async (fail) => {
        fail()
        await database.dropTable(table)
      }),
    close: () => database.close(),
  }
}
