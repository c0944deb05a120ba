import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/database/database.ts'
import { postgres } from '../../../src/database/postgres/index.ts'
import {
  CommitUnknownError,
  DatabaseFailedError,
  DatabaseNotWritableError,
  DatabaseUnreachableError,
  RowRefusedError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { deferred } from './deferred.ts'
import { describePostgres } from './postgres-server.ts'
import { SeveredServer } from './severed-server.ts'
import { COUNTS, NAMES, TASKS } from './tables.ts'

const logger = consoleLogger('silent')
const APPLICATION = 'rowstream-failures-test'
/** What news of a closed socket needs from the server to its listeners here: a guess, and a long one. */
const NOTICE_MS = 100
const everything = { prefix: [] }

describePostgres('postgres that fails', (server) => {
  let database: Database
  let door: SeveredServer
  const schema = server.schema('failures')

  beforeAll(async () => {
    door = await SeveredServer.open(server.url)
    database = await postgres({ url: door.url, application_name: APPLICATION }).open({
      schema,
      logger,
    })
    await database.migrate(
      [{ table: TASKS }, { table: NAMES }, { table: COUNTS, partitions: 1 }],
      async () => undefined,
    )
  })
  beforeEach(() =>
    database.transaction(async (transaction) => {
      for (const table of [TASKS, NAMES, COUNTS]) await transaction.deleteRange(table, everything)
    }),
  )
  afterAll(async () => {
    await database.close()
    await door.close()
  })

  const insertName = () =>
    database.transaction((transaction) => transaction.upsertMany(NAMES, [['a']]))

  /** Ends the backends of the adapter, in the given state. */
  async function terminate(state: string): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await server.admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and state = $2',
        [APPLICATION, state],
      )
      return rowCount !== 0
    })
  }

  describe('before COMMIT', () => {
    test('a transaction whose idle connection is terminated is rolled back', async () => {
      const [begun, ended] = [deferred(), deferred()]
      const failed = database.transaction(async (transaction) => {
        await transaction.upsertMany(NAMES, [['a']])
        begun.resolve()
        await ended.promise
      })
      await begun.promise
      await terminate('idle in transaction')
      await noticed()
      ended.resolve()
      await expect(failed).rejects.toThrow(TransactionRolledBackError)
      expect(await database.range(NAMES, everything)).toEqual([])
    })

    test('a statement that is terminated rolls back, and the pool goes on', async () => {
      await insertName()
      const blocker = await server.admin.connect()
      await blocker.query(`begin; lock table "${schema}".names`)
      const failure = failureOf(insertName())
      await terminate('active')
      expect(await failure).toBeInstanceOf(TransactionRolledBackError)
      await blocker.query('rollback')
      blocker.release()
      await insertName()
    })

    test('a connection cut before the statement arrived, or before its answer, rolls back', async () => {
      for (const fate of ['cut before', 'cut after'] as const) {
        door.when('insert into', fate)
        await expect(insertName()).rejects.toThrow(TransactionRolledBackError)
      }
      expect(await database.range(NAMES, everything)).toEqual([])
    })

    test('a server that takes no writes is left for another', async () => {
      const options = '-c default_transaction_read_only=on'
      const standby = await postgres({ url: server.url, options, max: 1 }).open({ schema, logger })
      const write = standby.transaction((transaction) => transaction.upsertMany(NAMES, [['a']]))
      await expect(write).rejects.toThrow(DatabaseNotWritableError)
      await standby.close()
    })
  })

  describe('during COMMIT', () => {
    test('cut before COMMIT got out or before its answer got back, the outcome is unknown', async () => {
      for (const fate of ['cut before', 'cut after'] as const) {
        door.when('commit\0', fate)
        await expect(insertName()).rejects.toThrow(CommitUnknownError)
        const isDurable = fate === 'cut after'
        await eventually(
          async () => (await database.range(NAMES, everything)).length === Number(isDurable),
        )
      }
    })

    test('terminated while the server commits, the outcome is unknown', async () => {
      await slowCommit(TASKS.name)
      const failure = failureOf(
        database.transaction((transaction) => transaction.upsertMany(TASKS, [['0_0', 1n, null]])),
      )
      await eventually(async () => {
        const { rows } = await server.admin.query<{ ok: boolean }>(
          `select pg_terminate_backend(pid) as ok from pg_stat_activity where wait_event = 'PgSleep' and application_name = $1`,
          [APPLICATION],
        )
        return rows.length > 0
      })
      expect(await failure).toBeInstanceOf(CommitUnknownError)
    })

    test('without any answer, the outcome is unknown some time after the statement timeout', async () => {
      door.when('commit\0', 'swallow answers')
      const failed = database.transaction((transaction) => transaction.upsertMany(NAMES, [['a']]), {
        statementTimeoutMs: 10,
      })
      await expect(failed).rejects.toThrow(CommitUnknownError)
    }, 15_000)

    test('a COMMIT that the server refuses is rolled back', async () => {
      await refusedCommit(COUNTS.name)
      const failed = database.transaction((transaction) =>
        transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]]),
      )
      await expect(failed).rejects.toThrow(RowRefusedError)
      await server.admin.query(`drop trigger refused on "${schema}".counts`)
    })
  })

  describe('elsewhere', () => {
    test('a read whose connection is cut says that the server is unreachable', async () => {
      door.when('select', 'cut before')
      await expect(database.range(NAMES, everything)).rejects.toThrow(DatabaseUnreachableError)
    })

    test('idle connections that break are replaced without a word to the process', async () => {
      await Promise.all([insertName(), database.range(NAMES, everything)])
      await terminate('idle')
      await noticed()
      await insertName()
      expect(await database.range(NAMES, everything)).toEqual([['a']])
    })

    test.each([
      ['a server that is not there', refused, 'ECONNREFUSED'],
      ['a database that does not exist', missing, 'database "missing" does not exist'],
    ])('cannot be opened with %s, and says why without the password', async (_, urlOf, reason) => {
      const opened = postgres({ url: urlOf(new URL(server.url)) }).open({ schema, logger })
      const error = await failureOf(opened)
      expect(error).toBeInstanceOf(DatabaseUnreachableError)
      expect(String(error)).toContain(reason)
      expect(String(error)).not.toContain('secret')
    })

    test('settings that change the text of values are refused at once', async () => {
      const opened = postgres({ url: server.url, options: '-c DateStyle=German' }).open({
        schema,
        logger,
      })
      await expect(opened).rejects.toThrow(DatabaseFailedError)
    })
  })

  /** The connections are gone, and this process has had the time to hear of it. */
  async function noticed(): Promise<void> {
    await eventually(async () => (await backends()) === 0)
    await new Promise((resolve) => setTimeout(resolve, NOTICE_MS))
  }

  async function backends(): Promise<number> {
    const { rows } = await server.admin.query(
      `select from pg_stat_activity where application_name = $1 and state in ('idle', 'idle in transaction')`,
      [APPLICATION],
    )
    return rows.length
  }

  const slowCommit = (table: string) => triggerAtCommit(table, 'slow', 'perform pg_sleep(5)')
  const refusedCommit = (table: string) =>
    triggerAtCommit(table, 'refused', `raise exception 'no' using errcode = 'check_violation'`)

  async function triggerAtCommit(table: string, name: string, body: string): Promise<void> {
    await server.admin.query(`
      create function "${schema}".${name}() returns trigger language plpgsql as $$ begin ${body}; return null; end $$;
      create constraint trigger ${name} after insert on "${schema}".${table}
        deferrable initially deferred for each row execute function "${schema}".${name}()`)
  }
})

function refused(): string {
  return 'postgres://user:secret@127.0.0.1:1/nowhere'
}

function missing(url: URL): string {
  url.pathname = '/missing'
  return url.href
}

/** Asks until it is so; Jest's own timeout is the deadline. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Listens at once: a rejection that nobody has heard of yet fails the test. */
function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (failure: unknown) => failure,
  )
}
