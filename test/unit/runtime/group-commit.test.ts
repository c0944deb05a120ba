import { describe, expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { TASKS } from '../../../src/commit/system-tables.ts'
import {
  CommitUnknownError,
  DatabaseNotWritableError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import { deferred } from '../../support/deferred.ts'
import { EagerClock } from '../../support/manual-clock.ts'
import { COUNTS, NO_BOUNDS } from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'
import { turns } from '../../support/turns.ts'
import { commitWorld, REFUSED, TASK_IDS } from './commit-world.ts'

describe('a group commit', () => {
  test('makes all units durable in one transaction, then says so', async () => {
    const { database, told, committed, run, durable } = await commitWorld()
    const before = database.transactions.length
    await run('0_1', '0_0')
    expect(database.transactions).toHaveLength(before + 1)
    expect(await durable()).toEqual(['0_0', '0_1'])
    expect(committed).toEqual(['0_0', '0_1'])
    expect(told).toEqual([['committed', '0_0', '0_1']])
  })

  test('is idle only when its outcome was told', async () => {
    const { database, commit, told, sealed } = await commitWorld()
    const answer = deferred()
    const error = new CommitUnknownError()
    database.fail({ at: 'answer', error, when: answer.promise })
    commit.start([sealed('0_0')])
    await turns()
    expect(commit.isIdle).toBe(false)
    answer.resolve()
    await commit.settled()
    expect([commit.isIdle, told.length]).toEqual([true, 1])
  })

  test('drops the tasks that are fenced, and commits the others', async () => {
    const { database, told, committed, run, durable } = await commitWorld()
    await claim(database, ['0_1'], { instance: 'other', bounds: NO_BOUNDS })
    await run(...TASK_IDS)
    expect(await durable()).toEqual(['0_0', '0_2'])
    expect(committed).toEqual(['0_0', '0_2'])
    expect(told).toEqual([
      ['fenced', '0_1'],
      ['committed', '0_0', '0_2'],
    ])
  })

  test('of tasks that are all fenced commits nothing', async () => {
    const { database, committed, told, run } = await commitWorld()
    await claim(database, ['0_0'], { instance: 'other', bounds: NO_BOUNDS })
    await run('0_0')
    expect(committed).toEqual([])
    expect(told).toEqual([['fenced', '0_0'], ['committed']])
  })

  test('is tried again after a certain rollback', async () => {
    const { database, told, run, clock, attemptsFailed } = await commitWorld()
    database.fail({ at: 'commit', error: new TransactionRolledBackError('deadlock'), times: 3 })
    await run('0_0')
    expect(attemptsFailed()).toBe(3)
    expect(told).toEqual([['committed', '0_0']])
    expect(clock.asked).toEqual([10, 20, 40])
  })

  test('fails when it is rolled back for too long', async () => {
    const { database, told, run, committed } = await commitWorld({ retryMs: 25 })
    database.fail({ at: 'commit', error: new TransactionRolledBackError('deadlock'), times: 99 })
    await run('0_0')
    expect(told).toMatchObject([['failed', { code: 'TRANSACTION_ROLLED_BACK' }]])
    expect(committed).toEqual([])
  })

  test('waits without a limit for a database that takes no writes, and says so once', async () => {
    const { lines, ...telemetry } = silentTelemetry({ clock: new EagerClock() })
    const { database, told, run } = await commitWorld({ retryMs: 25, telemetry })
    database.fail({ at: 'statement', error: new DatabaseNotWritableError('disk full'), times: 50 })
    await run('0_0')
    expect(told).toEqual([['committed', '0_0']])
    expect(lines).toMatchObject([{ level: 'warn', fields: { code: 'DATABASE_NOT_WRITABLE' } }])
  })

  test('waits no longer once nobody waits for it', async () => {
    const { database, told, run } = await commitWorld({ signal: AbortSignal.abort() })
    database.fail({ at: 'statement', error: new DatabaseNotWritableError('disk full') })
    await run('0_0')
    expect(told).toMatchObject([['failed', { code: 'DATABASE_NOT_WRITABLE' }]])
  })

  test.each(['answer', 'commit'] as const)(
    'with an unknown outcome is not tried again (%s)',
    async (at) => {
      const { database, told, run, committed } = await commitWorld()
      const before = database.transactions.length
      database.fail({ at, error: new CommitUnknownError() })
      await run('0_0')
      expect(told).toEqual([['unknown', 'COMMIT_UNKNOWN']])
      expect(committed).toEqual([])
      expect(database.transactions).toHaveLength(before + 1)
    },
  )

  test('of one task names it when the database refuses a row', async () => {
    const { database, told, run } = await commitWorld()
    database.fail({
      at: 'statement',
      error: REFUSED,
      on: { method: 'updateWhere', table: TASKS.name },
    })
    await run('0_0')
    expect(told).toMatchObject([['failed', { code: 'ROW_REFUSED', taskId: '0_0' }]])
  })

  test('commits the others when the database refuses a row of one', async () => {
    const { commit, sealed, durable } = await commitWorld()
    const upserts = [[1, 'bad\u0000', 1, 1]]
    commit.start([
      sealed('0_0'),
      sealed('0_1', { changes: [{ table: COUNTS, upserts, deletes: [] }] }),
    ])
    await commit.settled()
    expect(await durable()).toEqual(['0_0'])
  })
})
