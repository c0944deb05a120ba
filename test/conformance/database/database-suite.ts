import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals'
import type { Database } from '../../../src/database/database.ts'
import { cellSuite } from './cell-suite.ts'
import { lockSuite } from './lock-suite.ts'
import { migrationSuite } from './migration-suite.ts'
import { readSuite } from './read-suite.ts'
import { ALL_TABLES } from './tables.ts'
import { transactionSuite } from './transaction-suite.ts'
import { writeSuite } from './write-suite.ts'

/** What a suite is run on. */
export interface SuiteOptions {
  readonly name: string
  /** Opens the same data each time. */
  readonly open: (schema: string) => Promise<Database>
}

/** The contract of the database port. An adapter is done when this is green. */
export function databaseSuite({ name, open }: SuiteOptions): void {
  describe(`${name} keeps the contract of the database port`, () => {
    let database: Database
    const get = () => database

    beforeAll(async () => {
      database = await open('contract')
      await database.migrate(ALL_TABLES, async () => undefined)
    })
    beforeEach(() => deleteAllRows(database))
    afterAll(() => database.close())

    describe('cells', () => cellSuite(get))
    describe('reads', () => readSuite(get))
    describe('writes', () => writeSuite(get))
    describe('transactions', () => transactionSuite(get, () => open('contract')))
    describe('locks', () => lockSuite(get))
    describe('migration', () => migrationSuite(open))
  })
}

async function deleteAllRows(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const { table } of ALL_TABLES) await transaction.deleteRange(table, { prefix: [] })
  })
}
