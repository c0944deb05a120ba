import { beforeEach, expect, test } from '@jest/globals'
import type { Transaction, TransactionOptions } from '../../../src/database/transaction.ts'
import { TransactionRolledBackError } from '../../../src/errors/database-errors.ts'
import type { GetDatabase } from './get-database.ts'
import { deferred } from './deferred.ts'
import { TASKS } from './tables.ts'

const TASK_IDS = ['0_0', '0_1', '0_2']
/** Long enough to be sure that something waits. */
const NOT_YET_MS = 100
/** A test that fails must not keep the rows from the next one. */
const HOLD = { idleTimeoutMs: 3_000 }

/** Two transactions after the same rows. */
export function lockSuite(get: GetDatabase): void {
  beforeEach(() =>
    get().transaction((transaction) =>
      transaction.upsertMany(
        TASKS,
        TASK_IDS.map((task) => [task, 1n, null]),
      ),
    ),
  )

  /** Starts a transaction, waits for `first`, and holds it open until `end`. */
  async function hold(first: (transaction: Transaction) => Promise<unknown>) {
    const [begun, ended] = [deferred(), deferred()]
    const done = get().transaction(async (transaction) => {
      await first(transaction)
      begun.resolve()
      await ended.promise
    }, HOLD)
    await Promise.race([begun.promise, done])
    return {
      end: async () => {
        ended.resolve()
        await done
      },
    }
  }

  const fence = (epoch: bigint, options: TransactionOptions = {}) =>
    get().transaction(
      (transaction) =>
        transaction.updateWhere(
          TASKS,
          TASK_IDS.map((task) => ({ where: { task, epoch }, set: { owner: `of ${epoch}` } })),
        ),
      options,
    )
  const bump = (transaction: Transaction) =>
    transaction.updateWhere(TASKS, [{ where: { task: '0_1' }, set: { epoch: 2n } }])

  test('a fence that waits for a claim finds nothing once the claim is committed', async () => {
    const claim = await hold((transaction) =>
      transaction.updateWhere(
        TASKS,
        TASK_IDS.map((task) => ({ where: { task }, set: { epoch: 2n } })),
      ),
    )
    const fenced = fence(1n)
    expect(await settledWithin(fenced, NOT_YET_MS)).toBe(false)
    await claim.end()
    expect(await fenced).toBe(0)
    expect(await get().range(TASKS, { prefix: [] })).toEqual(
      TASK_IDS.map((task) => [task, 2n, null]),
    )
  })

  test('of the rows it waited for, a fence changes those that still match', async () => {
    const claim = await hold(bump)
    const fenced = fence(1n)
    await claim.end()
    expect(await fenced).toBe(2)
    expect(await get().range(TASKS, { prefix: [] })).toEqual([
      ['0_0', 1n, 'of 1'],
      ['0_1', 2n, null],
      ['0_2', 1n, 'of 1'],
    ])
  })

  test('a row that changed while a fence waited, but still matches, is changed and counted', async () => {
    const other = await hold((transaction) =>
      transaction.updateWhere(TASKS, [{ where: { task: '0_1' }, set: { owner: 'someone' } }]),
    )
    const fenced = fence(1n)
    expect(await settledWithin(fenced, NOT_YET_MS)).toBe(false)
    await other.end()
    expect(await fenced).toBe(3)
  })

  test('a fence that waits for a transaction that rolls back finds everything', async () => {
    const failure = new TypeError('no')
    const ended = deferred()
    const claim = get().transaction(async (transaction) => {
      await bump(transaction)
      await ended.promise
      throw failure
    })
    const fenced = fence(1n)
    ended.resolve()
    await expect(claim).rejects.toBe(failure)
    expect(await fenced).toBe(3)
  })

  test('locked reads wait for the row and give it as it has become, in key order', async () => {
    const claim = await hold(bump)
    const keys = { prefix: [], keys: [['0_2'], ['0_1'], ['0_0'], ['none']] }
    const locked = get().transaction((transaction) =>
      transaction.getMany(TASKS, keys, { lock: true }),
    )
    expect(await settledWithin(locked, NOT_YET_MS)).toBe(false)
    await claim.end()
    expect(await locked).toEqual([
      ['0_0', 1n, null],
      ['0_1', 2n, null],
      ['0_2', 1n, null],
    ])
  })

  test('a locked row cannot be changed by others; plain reads do not wait', async () => {
    const keys = { prefix: [], keys: [['0_1']] }
    const holder = await hold((transaction) => transaction.getMany(TASKS, keys, { lock: true }))
    const changed = get().transaction(bump)
    expect(await get().getMany(TASKS, keys)).toEqual([['0_1', 1n, null]])
    expect(await settledWithin(changed, NOT_YET_MS)).toBe(false)
    await holder.end()
    expect(await changed).toBe(1)
  })

  test('transactions that change different rows do not wait for one another', async () => {
    const holder = await hold(bump)
    const update = { where: { task: '0_2', epoch: 1n }, set: { owner: 'me' } }
    expect(await get().transaction((transaction) => transaction.updateWhere(TASKS, [update]))).toBe(
      1,
    )
    expect(
      await get().transaction((transaction) =>
        transaction.insertMissing(TASKS, [['0_1', 1n, null]]),
      ),
    ).toBe(0)
    await holder.end()
  })

  test.each(['lockTimeoutMs', 'statementTimeoutMs'])(
    '%s ends a wait for a lock',
    async (option) => {
      const holder = await hold(bump)
      await expect(fence(1n, { [option]: 50 })).rejects.toThrow(TransactionRolledBackError)
      await holder.end()
      expect(await fence(1n)).toBe(2)
    },
  )

  test('an insert waits for another of the same key and then leaves it alone', async () => {
    const holder = await hold((transaction) =>
      transaction.insertMissing(TASKS, [['0_3', 1n, 'first']]),
    )
    const second = get().transaction((transaction) =>
      transaction.insertMissing(TASKS, [['0_3', 1n, 'second']]),
    )
    expect(await settledWithin(second, NOT_YET_MS)).toBe(false)
    await holder.end()
    expect(await second).toBe(0)
  })

  test('of two transactions that wait for one another, one is rolled back', async () => {
    const bothHold = [deferred(), deferred()]
    const cross = (mine: number, other: number) =>
      get().transaction(async (transaction) => {
        const update = (at: number) => ({
          where: { task: TASK_IDS[at] ?? null },
          set: { owner: `of ${mine}` },
        })
        await transaction.updateWhere(TASKS, [update(mine)])
        bothHold[mine]?.resolve()
        await bothHold[other]?.promise
        await transaction.updateWhere(TASKS, [update(other)])
      })
    const outcomes = await Promise.allSettled([cross(0, 1), cross(1, 0)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(failed?.reason).toBeInstanceOf(TransactionRolledBackError)
  })
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new Promise<false>((resolve) => setTimeout(() => resolve(false), ms))
  return Promise.race([timer, promise.then(() => true)])
}
