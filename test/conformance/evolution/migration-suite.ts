import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { commitBounds } from '../../../src/commit/commit-bounds.ts'
import { prepareSchema } from '../../../src/commit/prepare-schema.ts'
import { CATALOGUE, MIGRATIONS, TASKS } from '../../../src/commit/system-tables.ts'
import type { Database } from '../../../src/database/database.ts'
import type { Row } from '../../../src/database/table.ts'
import type { JsonValue } from '../../../src/model/cell.ts'
import { migrateStores } from '../../../src/runtime/start/migrate-stores.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import { storeEntry } from '../../../src/stores/catalogue.ts'
import { migrateFrom } from '../../../src/stores/contract/store-migration.ts'
import type {
  ValueStoreDefinition,
  WindowStoreDefinition,
} from '../../../src/stores/contract/store-definition.ts'
import { storeTable } from '../../../src/stores/store-table.ts'
import { silentTelemetry } from '../../support/telemetry.ts'
import { CrashError, crashing, type Crash } from './crashing-database.ts'

const PARTITIONS = 3
const TASK_IDS = ['0_0', '0_1', '0_2'] as const

const int64 = serdes.int64 as Serde<unknown>
const json = serdes.json<JsonValue>() as Serde<unknown>
const key = serdes.string as Serde<unknown>

/** Counts as they were. */
const FIRST: ValueStoreDefinition = {
  kind: 'key-value',
  name: 'counts',
  key,
  value: int64,
  cache: true,
}

/** Counts as objects; every tenth row goes. */
const SECOND: ValueStoreDefinition = {
  ...FIRST,
  value: json,
  version: 2,
  migrate: migrateFrom(serdes.int64, ({ value, timestamp }) =>
    value % 10n === 0n ? undefined : { value: { count: Number(value) }, timestamp: timestamp + 1 },
  ),
}

const WINDOWED: WindowStoreDefinition = {
  ...FIRST,
  kind: 'window',
  sizeMs: 10,
  retentionMs: 100,
  emitsOnClose: false,
}

/** Rows of several steps, most of them in one partition, none in another. */
const OLD: Row[] = [
  ...Array.from({ length: 1_500 }, (_, at): Row => [0, `k${at}`, BigInt(at), at]),
  ...Array.from({ length: 1_000 }, (_, at): Row => [2, `k${at}`, BigInt(at), at]),
]
const NEW: Row[] = OLD.filter(([, , value]) => (value as bigint) % 10n !== 0n).map(
  ([partition, name, value, timestamp]) => [
    partition!,
    name!,
    { count: Number(value) },
    (timestamp as number) + 1,
  ],
)

/** Stores that are brought to a new version when an application starts. */
export function migrationSuite(open: (schema: string) => Promise<Database>): void {
  let schemas = 0
  let database: Database

  beforeEach(async () => {
    database = await open(`migration_${schemas++}`)
  })
  afterEach(() => database.close())

  async function start(store: ValueStoreDefinition, through = database) {
    const entries = [storeEntry(store, PARTITIONS, TASK_IDS)]
    const tables = [{ table: storeTable(store), partitions: PARTITIONS }]
    await prepareSchema(through, { tables, entries, taskIds: TASK_IDS, keepers: [] })
    const telemetry = silentTelemetry()
    const migrated: number[] = []
    const add = (count: number) => {
      migrated.push(count)
      // Rows that are migrated again and again would never come to an end.
      expect(migrated.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(OLD.length)
    }
    const rowsMigrated = { add }
    const instruments = { ...telemetry.instruments, rowsMigrated }
    const context = { telemetry: { ...telemetry, instruments }, bounds: commitBounds(10_000) }
    await migrateStores({ ...context, database: through, retryMs: 10_000 }, entries)
    return { migrated, logged: telemetry.lines.map(({ message }) => message) }
  }

  const fill = (store: ValueStoreDefinition, rows: readonly Row[]) =>
    database.transaction((transaction) => transaction.upsertMany(storeTable(store), rows))
  const rowsOf = (store: ValueStoreDefinition) => database.range(storeTable(store), { prefix: [] })

  /** The rows are those of the second version, and nothing else is left. */
  async function expectMigrated(): Promise<void> {
    const text = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted()
    expect(text(await rowsOf(SECOND))).toEqual(text(NEW))
    expect(await database.range(MIGRATIONS, { prefix: [] })).toEqual([])
  }

  describe('a store of a lower version', () => {
    test('is migrated, and logged and counted', async () => {
      await start(FIRST)
      await fill(FIRST, OLD)
      const { migrated, logged } = await start(SECOND)
      await expectMigrated()
      expect(migrated.reduce((sum, count) => sum + count)).toBe(OLD.length)
      expect(Math.max(...migrated)).toBeLessThanOrEqual(1_000)
      expect(logged).toEqual(['a store is migrated', 'a store was migrated'])
    })

    test('is migrated once', async () => {
      await start(FIRST)
      await fill(FIRST, OLD)
      await start(SECOND)
      expect((await start(SECOND)).migrated).toEqual([])
      await expectMigrated()
    })

    test('is migrated again to the version after', async () => {
      await start(FIRST)
      await fill(FIRST, OLD)
      await start(SECOND)
      const back = migrateFrom(json, ({ value }) => ({
        value: BigInt((value as { count: number }).count),
      }))
      const third: ValueStoreDefinition = { ...FIRST, version: 3, migrate: back }
      await start(third)
      const values = (await rowsOf(third)).map(([, , value]) => value)
      expect(values.toSorted()).toEqual(
        NEW.map(([, , value]) => BigInt((value as { count: number }).count)).toSorted(),
      )
    })

    test('keeps its windows', async () => {
      await start(WINDOWED)
      await fill(WINDOWED, [[1, 'a', 20, 30, 5n, 25]])
      const second: ValueStoreDefinition = {
        ...WINDOWED,
        version: 2,
        migrate: migrateFrom(serdes.int64, ({ key: name, value, window }, from) => ({
          value: value + BigInt(window!.start + window!.end + from + String(name).length),
        })),
      }
      await start(second)
      expect(await rowsOf(second)).toEqual([[1, 'a', 20, 30, 57n, 25]])
    })

    test('keeps its rows where there is nothing to migrate them with', async () => {
      await start(WINDOWED)
      await fill(WINDOWED, [[1, 'a', 20, 30, 5n, 25]])
      const second = { ...WINDOWED, retentionMs: 1_000, version: 2 }
      await start(second)
      await start(second)
      expect(await rowsOf(second)).toEqual([[1, 'a', 20, 30, 5n, 25]])
    })

    test('fences whoever owns its tasks', async () => {
      await start(FIRST)
      await start(SECOND)
      const epochs = (await database.range(TASKS, { prefix: [] })).map(([, epoch]) => epoch)
      expect(epochs).toEqual([1n, 1n, 1n])
    })
  })

  describe('a start that dies', () => {
    test.each(['before', 'after'] as const)(
      '%s any of its commits: the next one goes on',
      async (when) => {
        let isDone = false
        for (let at = 0; !isDone; at++) {
          await database.close()
          database = await open(`crash_${when}_${at}`)
          await start(FIRST)
          await fill(FIRST, OLD)
          isDone = await die({ at, when })
          await start(SECOND)
          await expectMigrated()
        }
      },
      60_000,
    )

    test('again and again: it gets on with every transaction', async () => {
      await start(FIRST)
      await fill(FIRST, OLD)
      for (let starts = 0; !(await die({ at: 3, when: 'after' })); starts++)
        expect(starts).toBeLessThan(20)
      await start(SECOND)
      await expectMigrated()
    })

    /** Answers whether the start survived. */
    async function die(crash: Crash): Promise<boolean> {
      try {
        await start(SECOND, crashing(database, crash))
        return true
      } catch (error) {
        expect(error).toBeInstanceOf(CrashError)
        return false
      }
    }
  })

  test('several starts at once all get there, and every row is migrated once', async () => {
    await start(FIRST)
    await fill(FIRST, OLD)
    const starts = await Promise.all([1, 2, 3].map(() => start(SECOND)))
    await expectMigrated()
    const counts = starts.flatMap(({ migrated }) => migrated)
    expect(counts.reduce((sum, count) => sum + count)).toBe(OLD.length)
  }, 20_000)

  test('a row that cannot be migrated stops the start, and all rows stay as they were', async () => {
    await start(FIRST)
    await fill(FIRST, OLD)
    const broken = migrateFrom(serdes.int64, ({ value }) => {
      if (value === 1_234n) throw new TypeError('no such count')
      return { value: Number(value) }
    })
    await expect(start({ ...SECOND, migrate: broken })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/counts.*version 2.*no such count/s) as unknown,
    })
    expect(await rowsOf(FIRST)).toHaveLength(OLD.length)
    await start(SECOND)
    expect(await rowsOf(SECOND)).toHaveLength(NEW.length)
  })

  describe('is refused', () => {
    const refused = (store: ValueStoreDefinition, message: RegExp) =>
      expect(start(store)).rejects.toMatchObject({
        code: 'CATALOGUE_MISMATCH',
        message: expect.stringMatching(message) as unknown,
      })

    test('a version below that of the rows', async () => {
      await start(FIRST)
      await start(SECOND)
      await refused(FIRST, /start the application with version 2.*undo the change as version 3/s)
    })

    test('another serde without a version, or without a migration', async () => {
      await start(FIRST)
      await refused({ ...FIRST, value: json }, /put value back.*raise version/s)
      await refused({ ...FIRST, value: json, version: 2 }, /option migrate/)
    })

    test('a migration from a serde that the rows do not have', async () => {
      await start(FIRST)
      const migrate = migrateFrom(serdes.string, ({ value }) => ({ value }))
      await refused({ ...SECOND, migrate }, /serde int64.*migrateFrom/s)
    })

    test('what no migration of rows can change', async () => {
      await start(WINDOWED)
      await refused({ ...WINDOWED, sizeMs: 20, version: 2 }, /put sizeMs back/)
      await refused({ ...WINDOWED, key: int64, version: 2 }, /put key back/)
    })

    test('any other version while a migration is under way', async () => {
      await start(FIRST)
      await fill(FIRST, OLD)
      const dying = start(SECOND, crashing(database, { at: 3, when: 'after' }))
      await expect(dying).rejects.toThrow(CrashError)
      await refused(FIRST, /start the application with version 2.*give it up/s)
      await refused({ ...SECOND, version: 3 }, /start the application with version 2/)
    })

    test('nothing after a migration was given up as the message says', async () => {
      await start(FIRST)
      await fill(FIRST, OLD)
      const dying = start(SECOND, crashing(database, { at: 3, when: 'after' }))
      await expect(dying).rejects.toThrow(CrashError)
      await database.dropTable({ name: 'rowstream_counts_v2', columns: [], key: [] })
      await database.transaction(async (transaction) => {
        await transaction.deleteMany(MIGRATIONS, { prefix: [], keys: [['counts', 2]] })
        const [row] = await transaction.getMany(CATALOGUE, {
          prefix: [],
          keys: [['store', 'counts']],
        })
        const { migratingTo, ...description } = row![2] as Record<string, JsonValue>
        expect(migratingTo).toBe(2)
        await transaction.upsertMany(CATALOGUE, [['store', 'counts', description]])
      })
      await start(FIRST)
      expect(await rowsOf(FIRST)).toHaveLength(OLD.length)
      await start(SECOND)
      await expectMigrated()
    })
  })
}
