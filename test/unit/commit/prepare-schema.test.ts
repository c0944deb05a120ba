import { describe, expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { prepareSchema, type SchemaPlan } from '../../../src/commit/prepare-schema.ts'
import { CATALOGUE, TASKS, VERSION } from '../../../src/commit/system-tables.ts'
import type { Database } from '../../../src/database/database.ts'
import { int64Serde } from '../../../src/serdes/int64-serde.ts'
import { stringSerde } from '../../../src/serdes/string-serde.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import { storeEntry } from '../../../src/stores/catalogue.ts'
import { storeTable } from '../../../src/stores/store-table.ts'
import type { StoreDefinition } from '../../../src/stores/contract/store-definition.ts'
import { emptyDatabase, NO_BOUNDS, rowsOf } from '../../support/memory-state.ts'

interface Application {
  readonly id?: string
  readonly store?: string
  readonly value?: Serde<unknown>
  readonly partitions?: number
}

function planOf(application: Application = {}): SchemaPlan {
  const { id = 'app', store = 'counts', partitions = 2 } = application
  const value = application.value ?? int64Serde
  const key = stringSerde as Serde<unknown>
  const definition: StoreDefinition = { kind: 'key-value', name: store, key, value, cache: true }
  return {
    tables: [{ table: storeTable(definition), partitions }],
    entries: [
      {
        kind: 'application',
        name: 'application',
        description: { applicationId: id },
        wayOut: () => 'set another schema',
      },
      storeEntry(definition, partitions),
    ],
    keepers: [],
    taskIds: ['0_0', '0_1'],
  }
}

async function preparedOnce(): Promise<Database> {
  const database = await emptyDatabase()
  await prepareSchema(database, planOf())
  return database
}

describe('preparing a schema', () => {
  test('makes a claim row with epoch 0 for each task', async () => {
    const database = await preparedOnce()
    expect(await rowsOf(database, TASKS)).toEqual([
      ['0_0', 0n, null, null, 0n, -1n],
      ['0_1', 0n, null, null, 0n, -1n],
    ])
  })

  test('a second time changes nothing, claims least of all', async () => {
    const database = await preparedOnce()
    await claim(database, ['0_0'], { instance: 'me', bounds: NO_BOUNDS })
    const before = await rowsOf(database, TASKS)
    await prepareSchema(database, planOf())
    expect(await rowsOf(database, TASKS)).toEqual(before)
  })

  test('twenty times at once works', async () => {
    const database = await emptyDatabase()
    const prepared = await Promise.all(
      Array.from({ length: 20 }, () => prepareSchema(database, planOf())),
    )
    expect(await rowsOf(database, TASKS)).toHaveLength(2)
    // The two of the plan, and which database it is.
    expect(await rowsOf(database, CATALOGUE)).toHaveLength(3)
    expect(new Set(prepared.map(({ databaseId }) => databaseId)).size).toBe(1)
  })

  test('says which database it is: the same at each start, and another one elsewhere', async () => {
    const database = await emptyDatabase()
    const first = await prepareSchema(database, planOf())
    const again = await prepareSchema(database, planOf())
    const elsewhere = await prepareSchema(await emptyDatabase(), planOf())
    expect(again.databaseId).toBe(first.databaseId)
    expect(elsewhere.databaseId).not.toBe(first.databaseId)
  })

  test('adds what a grown topology needs', async () => {
    const database = await preparedOnce()
    const grown = planOf({ store: 'totals' })
    await prepareSchema(database, {
      tables: [...planOf().tables, ...grown.tables],
      entries: [...planOf().entries, ...grown.entries.slice(1)],
      taskIds: ['0_0', '0_1', '1_0'],
      keepers: [],
    })
    expect((await rowsOf(database, TASKS)).map(([task]) => task)).toEqual(['0_0', '0_1', '1_0'])
  })
})

describe('a start that does not fit the catalogue', () => {
  const mismatch = (application: Application) =>
    preparedOnce().then((database) => prepareSchema(database, planOf(application)))

  test('is refused for another serde', async () => {
    const value = stringSerde as Serde<unknown>
    await expect(mismatch({ value })).rejects.toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  })

  test('is refused for another number of partitions', async () => {
    await expect(mismatch({ partitions: 3 })).rejects.toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  })

  test('is refused for another application', async () => {
    await expect(mismatch({ id: 'other' })).rejects.toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  })

  test('is refused for a store that was renamed', async () => {
    await expect(mismatch({ store: 'words' })).rejects.toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  })

  test('names what differs and the way out', async () => {
    await expect(mismatch({ id: 'other' })).rejects.toThrow(
      /application.*other.*app.*set another schema/s,
    )
  })

  test('changes nothing', async () => {
    const database = await preparedOnce()
    const plan = planOf({ id: 'other' })
    const taskIds = [...plan.taskIds, '5_5' as const]
    await prepareSchema(database, { ...plan, taskIds }).catch(() => undefined)
    expect(await rowsOf(database, TASKS)).toHaveLength(2)
  })

  test('is refused for system tables of another version', async () => {
    const database = await preparedOnce()
    await database.transaction((transaction) => transaction.upsertMany(VERSION, [['system', 99]]))
    await expect(prepareSchema(database, planOf())).rejects.toThrow(/version.*99/s)
  })
})
