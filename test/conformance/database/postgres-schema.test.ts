import { afterAll, beforeAll, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Database, TableToMigrate } from '../../../src/database/database.ts'
import { postgres } from '../../../src/database/postgres/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { describePostgres } from './postgres-server.ts'
import { ALL_TABLES, CELLS, COUNTS, TASKS } from './tables.ts'

const logger = consoleLogger('silent')
const nothing = async () => undefined

describePostgres('what postgres makes of tables', (server) => {
  const schema = server.schema('made')
  let database: Database

  beforeAll(async () => {
    database = await postgres({ url: server.url }).open({ schema, logger })
    await database.migrate(ALL_TABLES, nothing)
  })
  afterAll(() => database.close())

  test('columns have the types that anyone would expect in psql', async () => {
    const { rows } = await server.admin.query<{ definition: string }>(
      `select format('%s %s %s %s', attname, format_type(atttypid, atttypmod), attstorage, collname) as definition
       from pg_attribute left join pg_collation c on c.oid = attcollation
       where attrelid = $1::regclass and attnum > 0 order by attnum`,
      [`"${schema}".${CELLS.name}`],
    )
    expect(rows.map(({ definition }) => definition.trim())).toEqual([
      'id integer p',
      'boolean boolean p',
      'bytes bytea e',
      'double double precision p',
      'int32 integer p',
      'int64 bigint p',
      'json jsonb x',
      'text text x C',
      'timestamp timestamp with time zone p',
    ])
  })

  test('each partition has a child of its own', async () => {
    expect(await childrenOf(schema)).toEqual([
      'counts_p0 FOR VALUES IN (0)',
      'counts_p1 FOR VALUES IN (1)',
      'counts_p2 FOR VALUES IN (2)',
      'counts_p3 FOR VALUES IN (3)',
    ])
  })

  test('beyond a thousand, partitions share children by their remainder', async () => {
    const wide = server.schema('wide')
    const opened = await postgres({ url: server.url }).open({ schema: wide, logger })
    const tables = (partitions: number): TableToMigrate[] => [{ table: COUNTS, partitions }]
    await opened.migrate(tables(999), (transaction) =>
      transaction.upsertMany(COUNTS, [[1, 'a', 1n, 1]]),
    )
    await opened.migrate(tables(2_002), (transaction) =>
      transaction.upsertMany(COUNTS, [
        [999, 'a', 1n, 1],
        [1_001, 'a', 1n, 1],
        [2_001, 'a', 1n, 1],
      ]),
    )
    expect((await opened.range(COUNTS, { prefix: [] })).map(([partition]) => partition)).toEqual([
      1, 999, 1_001, 2_001,
    ])
    const children = await childrenOf(wide)
    expect(children).toHaveLength(1_000)
    expect(children).toContain('counts_p1 FOR VALUES IN (1, 1001, 2001)')
    expect(children).toContain('counts_p999 FOR VALUES IN (999, 1999)')
    await opened.migrate([], async () => undefined)
    await opened.close()
    await dropChildren(wide)
  }, 60_000)

  test('hot rows have room in their page, in children too', async () => {
    const hot = { ...COUNTS, name: 'hot_counts', hot: true }
    await database.migrate([{ table: hot, partitions: 1 }], nothing)
    const { rows } = await server.admin.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = $1::regnamespace and 'fillfactor=50' = any(reloptions) order by 1`,
      [`"${schema}"`],
    )
    expect(rows.map(({ relname }) => relname)).toEqual(['hot_counts_p0', TASKS.name])
  })

  test('a restart needs no right to create, and does not wait for open transactions', async () => {
    const role = `${schema}_reader`
    await server.admin.query(`create role "${role}"`)
    await server.admin.query(`grant usage on schema "${schema}" to "${role}"`)
    await server.admin.query(
      `grant select, insert, update, delete on all tables in schema "${schema}" to "${role}"`,
    )
    const opened = await postgres({ url: server.url, options: `-c role=${role}` }).open({
      schema,
      logger,
    })
    const count = await database.transaction(async (transaction) => {
      await transaction.insertMissing(TASKS, [['0_0', 1n, null]])
      await transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]])
      return opened.migrate(ALL_TABLES, (other) => other.insertMissing(TASKS, [['0_1', 1n, null]]))
    })
    expect(count).toBe(1)
    await opened.close()
    await server.admin.query(`drop owned by "${role}"; drop role "${role}"`)
  })

  test('the parsers of the application’s own pg are neither used nor changed', async () => {
    const pool = new pg.Pool({
      connectionString: server.url,
      max: 1,
      types: { getTypeParser: () => () => 'mine' } as unknown as pg.CustomTypesConfig,
    })
    const opened = await postgres({ pool }).open({ schema, logger })
    await opened.transaction((transaction) => transaction.upsertMany(COUNTS, [[1, 'a', 1n, 1]]))
    expect(await opened.range(COUNTS, { prefix: [1] })).toEqual([[1, 'a', 1n, 1]])
    await opened.close()
    const { rows } = await pool.query('select 1 as one')
    expect(rows).toEqual([{ one: 'mine' }])
    expect(pool.listenerCount('error')).toBe(0)
    await pool.end()
  })

  async function childrenOf(of: string): Promise<string[]> {
    const { rows } = await server.admin.query<{ child: string }>(
      `select format('%s %s', c.relname, pg_get_expr(c.relpartbound, c.oid)) as child
       from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
       where p.relname = $1 and c.relkind = 'r' and c.relnamespace = $2::regnamespace order by 1`,
      [COUNTS.name, `"${of}"`],
    )
    return rows.map(({ child }) => child)
  }

  /** In parts: dropping a thousand tables at once takes more locks than the server has. */
  async function dropChildren(of: string): Promise<void> {
    const names = (await childrenOf(of)).map((child) => `"${of}".${child.split(' ')[0] ?? ''}`)
    while (names.length > 0)
      await server.admin.query(`drop table ${names.splice(0, 250).join(', ')}`)
  }
})
