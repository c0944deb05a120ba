import { expect, test } from '@jest/globals'
import type { Database } from '../../../src/database/database.ts'
import type { Table } from '../../../src/database/table.ts'
import { DatabaseFailedError, RowRefusedError } from '../../../src/errors/database-errors.ts'
import { ALL_TABLES, COUNTS, NAMES, TASKS, WINDOWS } from './tables.ts'

/** What `migrate` makes, and what it leaves alone. */
export function migrationSuite(open: (schema: string) => Promise<Database>): void {
  async function withDatabase<T>(
    schema: string,
    work: (database: Database) => Promise<T>,
  ): Promise<T> {
    const database = await open(schema)
    return work(database).finally(() => database.close())
  }
  const nothing = async () => undefined

  test('20 instances can start at once on an empty database', async () => {
    const start = (_: unknown, instance: number) =>
      withDatabase('many_starts', (database) =>
        database.migrate(ALL_TABLES, (transaction) =>
          transaction.insertMissing(TASKS, [['0_0', 0n, `instance ${instance}`]]),
        ),
      )
    const inserted = await Promise.all(Array.from({ length: 20 }, start))
    expect(inserted.reduce((sum, count) => sum + count)).toBe(1)
  })

  test('answers what `then` answers, and rolls everything back when it fails', async () => {
    await withDatabase('then_fails', async (database) => {
      const failure = new TypeError('no')
      const failed = database.migrate([{ table: NAMES }], async (transaction) => {
        await transaction.upsertMany(NAMES, [['a']])
        throw failure
      })
      await expect(failed).rejects.toBe(failure)
      await expect(database.range(NAMES, { prefix: [] })).rejects.toThrow(DatabaseFailedError)
      expect(await database.migrate([{ table: NAMES }], async () => 'answer')).toBe('answer')
    })
  })

  test('keeps the rows that are there, and adds partitions', async () => {
    await withDatabase('more_partitions', async (database) => {
      await database.migrate([{ table: COUNTS, partitions: 2 }], (transaction) =>
        transaction.upsertMany(COUNTS, [[1, 'a', 1n, 1]]),
      )
      await database.migrate([{ table: COUNTS, partitions: 3 }], (transaction) =>
        transaction.upsertMany(COUNTS, [[2, 'a', 1n, 1]]),
      )
      await database.migrate([{ table: COUNTS, partitions: 1 }], nothing)
      expect(await database.range(COUNTS, { prefix: [] })).toHaveLength(2)
      const beyond = database.transaction((transaction) =>
        transaction.upsertMany(COUNTS, [[3, 'a', 1n, 1]]),
      )
      await expect(beyond).rejects.toThrow(RowRefusedError)
    })
  })

  test('adds a column that is nullable, and fails for one that is not', async () => {
    await withDatabase('more_columns', async (database) => {
      const wider = (nullable: boolean): Table => ({
        ...NAMES,
        columns: [...NAMES.columns, { name: 'data', type: 'bytes', nullable }],
      })
      await database.migrate([{ table: NAMES }], (transaction) =>
        transaction.upsertMany(NAMES, [['a']]),
      )
      await expect(database.migrate([{ table: wider(false) }], nothing)).rejects.toThrow(
        DatabaseFailedError,
      )
      await database.migrate([{ table: wider(true) }], (transaction) =>
        transaction.upsertMany(wider(true), [['b', Buffer.from('b')]]),
      )
      expect(await database.range(wider(true), { prefix: [] })).toEqual([
        ['a', null],
        ['b', Buffer.from('b')],
      ])
    })
  })

  test('a table that is renamed keeps its rows, and what is missing of it is made under its new name', async () => {
    const renamed = { ...WINDOWS, name: 'renamed' }
    const rows = [
      [0, 'a', 1, 1],
      [1, 'b', 2, 2],
    ]
    await withDatabase('renames', async (database) => {
      const made = [{ table: WINDOWS, partitions: 2 }]
      await database.migrate(made, (transaction) => transaction.upsertMany(WINDOWS, rows))
      await database.transaction((transaction) => transaction.renameTable(WINDOWS, 'renamed'))
      await expect(database.range(WINDOWS, { prefix: [] })).rejects.toThrow(DatabaseFailedError)
      await database.migrate([{ table: renamed, partitions: 3 }], (transaction) =>
        transaction.upsertMany(renamed, [[2, 'c', 3, 3]]),
      )
      expect(await database.range(renamed, { prefix: [] })).toEqual([...rows, [2, 'c', 3, 3]])
      expect(await database.range(renamed, { by: 'index', prefix: [1] })).toEqual([rows[1]])
    })
  })

  test('tables that are renamed in one transaction change places, or nothing does', async () => {
    const other = { ...NAMES, name: 'other' }
    await withDatabase('swaps', async (database) => {
      await database.migrate([{ table: NAMES }, { table: other }], async (transaction) => {
        await transaction.upsertMany(NAMES, [['old']])
        await transaction.upsertMany(other, [['new']])
      })
      const swap = (failure?: Error) =>
        database.transaction(async (transaction) => {
          await transaction.renameTable(NAMES, 'parked')
          await transaction.renameTable(other, NAMES.name)
          if (failure) throw failure
        })
      await expect(swap(new TypeError('no'))).rejects.toThrow('no')
      expect(await database.range(NAMES, { prefix: [] })).toEqual([['old']])
      await swap()
      expect(await database.range(NAMES, { prefix: [] })).toEqual([['new']])
      expect(await database.range({ ...NAMES, name: 'parked' }, { prefix: [] })).toEqual([['old']])
    })
  })

  test('a table is dropped, however often and by however many', async () => {
    await withDatabase('drops', async (database) => {
      await database.migrate([{ table: COUNTS, partitions: 3 }, { table: NAMES }], nothing)
      await Promise.all([database.dropTable(COUNTS), database.dropTable(COUNTS)])
      await database.dropTable(COUNTS)
      await expect(database.range(COUNTS, { prefix: [] })).rejects.toThrow(DatabaseFailedError)
      expect(await database.range(NAMES, { prefix: [] })).toEqual([])
      await database.migrate([{ table: COUNTS, partitions: 3 }], nothing)
      expect(await database.range(COUNTS, { prefix: [] })).toEqual([])
    })
  })

  test('keeps names apart that differ only behind the 63rd byte, and those with quotes in them', async () => {
    const named = (name: string): Table => ({ ...COUNTS, name })
    const long = 'ä'.repeat(40)
    const tables = [named(`${long}1`), named(`${long}2`), named('with "quotes" and Spaces')]
    await withDatabase(`${long} schema`, async (database) => {
      await database.migrate(
        tables.map((table) => ({ table, partitions: 1 })),
        nothing,
      )
      await database.migrate(
        tables.map((table) => ({ table, partitions: 2 })),
        async (transaction) => {
          for (const [at, table] of tables.entries())
            await transaction.upsertMany(table, [[1, 'a', BigInt(at), 1]])
        },
      )
      for (const [at, table] of tables.entries()) {
        expect(await database.range(table, { prefix: [] })).toEqual([[1, 'a', BigInt(at), 1]])
      }
    })
  })
}
