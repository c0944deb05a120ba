import { describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/database/database.ts'
import type { Transaction } from '../../../src/database/transaction.ts'
import {
  DatabaseUnreachableError,
  RowRefusedError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import type { GetDatabase } from './get-database.ts'
import { deferred } from './deferred.ts'
import { COUNTS, TASKS } from './tables.ts'

class Unhappy extends TypeError {}

/** What becomes durable, and who sees it when. */
export function transactionSuite(get: GetDatabase, open: () => Promise<Database>): void {
  const all = { prefix: [] }

  test('answers what its work answers', async () => {
    expect(await get().transaction(async () => 'answer')).toBe('answer')
  })

  test('a transaction sees its own writes, every other reader only what was committed', async () => {
    await get().transaction((transaction) =>
      transaction.upsertMany(COUNTS, [
        [0, 'a', 1n, 1],
        [0, 'b', 1n, 1],
      ]),
    )
    await get().transaction(async (transaction) => {
      await transaction.upsertMany(COUNTS, [
        [0, 'a', 2n, 2],
        [0, 'c', 2n, 2],
      ])
      await transaction.deleteMany(COUNTS, { prefix: [0], keys: [['b']] })
      expect(await transaction.range(COUNTS, all)).toEqual([
        [0, 'a', 2n, 2],
        [0, 'c', 2n, 2],
      ])
      expect(await transaction.getMany(COUNTS, { prefix: [0], keys: [['b'], ['c']] })).toEqual([
        [0, 'c', 2n, 2],
      ])
      expect(await transaction.range(COUNTS, { prefix: [0], reverse: true, limit: 1 })).toEqual([
        [0, 'c', 2n, 2],
      ])
      expect(await get().range(COUNTS, all)).toEqual([
        [0, 'a', 1n, 1],
        [0, 'b', 1n, 1],
      ])
      expect(await get().getMany(COUNTS, { prefix: [0], keys: [['b'], ['c']] })).toEqual([
        [0, 'b', 1n, 1],
      ])
    })
    expect(await get().range(COUNTS, all)).toEqual([
      [0, 'a', 2n, 2],
      [0, 'c', 2n, 2],
    ])
  })

  test('a row deleted and written again in one transaction is there', async () => {
    await get().transaction((transaction) => transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]]))
    await get().transaction(async (transaction) => {
      expect(await transaction.deleteRange(COUNTS, all)).toBe(1)
      expect(await transaction.insertMissing(COUNTS, [[0, 'a', 2n, 2]])).toBe(1)
    })
    expect(await get().range(COUNTS, all)).toEqual([[0, 'a', 2n, 2]])
  })

  test('each statement sees what was committed before it', async () => {
    await get().transaction(async (transaction) => {
      expect(await transaction.range(COUNTS, all)).toEqual([])
      await get().transaction((other) => other.upsertMany(COUNTS, [[0, 'a', 1n, 1]]))
      expect(await transaction.range(COUNTS, all)).toEqual([[0, 'a', 1n, 1]])
    })
  })

  test('statements run in the order they were called, awaited or not', async () => {
    const counts = await get().transaction((transaction) =>
      Promise.all([
        transaction.upsertMany(COUNTS, [
          [0, 'a', 1n, 1],
          [0, 'b', 1n, 1],
        ]),
        transaction.deleteMany(COUNTS, { prefix: [0], keys: [['a']] }),
        transaction.insertMissing(COUNTS, [
          [0, 'a', 2n, 2],
          [0, 'b', 2n, 2],
        ]),
        transaction.range(COUNTS, all),
      ]),
    )
    expect(counts).toEqual([
      undefined,
      1,
      1,
      [
        [0, 'a', 2n, 2],
        [0, 'b', 1n, 1],
      ],
    ])
  })

  test('commits statements that nobody awaited', async () => {
    await get().transaction(async (transaction) => {
      void transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]])
    })
    expect(await get().range(COUNTS, all)).toHaveLength(1)
  })

  describe('rolled back', () => {
    test('rolls back and rethrows what its work throws', async () => {
      const error = new Unhappy('work failed')
      const failed = get().transaction(async (transaction) => {
        await transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]])
        throw error
      })
      await expect(failed).rejects.toBe(error)
      expect(await get().range(COUNTS, all)).toEqual([])
    })

    test('does not commit after a failed statement, even when its work caught the failure', async () => {
      const failed = get().transaction(async (transaction) => {
        await transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]])
        await transaction.upsertMany(COUNTS, [[0, 'b\0', 1n, 1]]).catch(() => undefined)
      })
      await expect(failed).rejects.toThrow(RowRefusedError)
      expect(await get().range(COUNTS, all)).toEqual([])
    })

    test('the first failure is what later statements and the transaction fail with', async () => {
      const failures: unknown[] = []
      const failed = get().transaction(async (transaction) => {
        const bad = transaction.upsertMany(COUNTS, [[9, 'b', 1n, 1]])
        const behind = transaction.range({ ...COUNTS, name: 'missing' }, all)
        for (const statement of [bad, behind])
          await statement.catch((error: unknown) => failures.push(error))
        await transaction.range(COUNTS, all).catch((error: unknown) => failures.push(error))
      })
      const first = await failed.catch((error: unknown) => error)
      expect(first).toBeInstanceOf(RowRefusedError)
      expect(failures).toEqual([first, first, first])
    })

    test('takes no statement once it is over', async () => {
      let leaked: Transaction | undefined
      await get().transaction(async (transaction) => {
        leaked = transaction
      })
      await expect(leaked!.upsertMany(COUNTS, [[0, 'a', 1n, 1]])).rejects.toThrow(TypeError)
    })

    test('an idle transaction is ended, and gives its rows free', async () => {
      await get().transaction((transaction) => transaction.upsertMany(TASKS, [['0_0', 1n, null]]))
      const [begun, thawed] = [deferred(), deferred()]
      const frozen = get().transaction(
        async (transaction) => {
          await transaction.updateWhere(TASKS, [
            { where: { task: '0_0' }, set: { owner: 'frozen' } },
          ])
          begun.resolve()
          await thawed.promise
        },
        { idleTimeoutMs: 100 },
      )
      await begun.promise
      const update = { where: { task: '0_0', owner: null }, set: { owner: 'next' } }
      expect(
        await get().transaction((transaction) => transaction.updateWhere(TASKS, [update])),
      ).toBe(1)
      thawed.resolve()
      await expect(frozen).rejects.toThrow(TransactionRolledBackError)
      expect(await get().range(TASKS, all)).toEqual([['0_0', 1n, 'next']])
    })
  })

  test('another opening sees what was committed; a closed one takes nothing, and closes twice', async () => {
    const other = await open()
    await other.transaction((transaction) => transaction.upsertMany(COUNTS, [[0, 'a', 1n, 1]]))
    await Promise.all([other.close(), other.close()])
    await other.close()
    expect(await get().range(COUNTS, all)).toHaveLength(1)
    await expect(other.transaction(async () => undefined)).rejects.toThrow(DatabaseUnreachableError)
    await expect(other.range(COUNTS, all)).rejects.toThrow(DatabaseUnreachableError)
    const again = await open()
    expect(await again.range(COUNTS, all)).toHaveLength(1)
    await again.close()
  })
}
