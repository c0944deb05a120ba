import { describe, expect, test } from '@jest/globals'
import type { Row } from '../../../src/database/table.ts'
import type { KeyRange, Transaction } from '../../../src/database/transaction.ts'
import { RowRefusedError, DatabaseFailedError } from '../../../src/errors/database-errors.ts'
import type { GetDatabase } from './get-database.ts'
import { COUNTS, NAMES, PARTITIONS, TASKS, WINDOWS } from './tables.ts'

/** Each statement of a transaction. */
export function writeSuite(get: GetDatabase): void {
  const run = <T>(work: (transaction: Transaction) => Promise<T>) => get().transaction(work)
  const rowsOf = (prefix: Row = []) => get().range(COUNTS, { prefix })

  describe('upsertMany', () => {
    test('inserts rows and replaces those with the same key', async () => {
      await run((transaction) =>
        transaction.upsertMany(COUNTS, [
          [0, 'a', 1n, 1],
          [0, 'b', 1n, 1],
        ]),
      )
      await run((transaction) =>
        transaction.upsertMany(COUNTS, [
          [0, 'b', 2n, 2],
          [1, 'b', 3n, 3],
        ]),
      )
      expect(await rowsOf()).toEqual([
        [0, 'a', 1n, 1],
        [0, 'b', 2n, 2],
        [1, 'b', 3n, 3],
      ])
    })

    test('takes 20,000 rows in any order', async () => {
      const rows = Array.from({ length: 20_000 }, (_, at): Row => {
        const number = (at * 7_919) % 20_000
        return [number % PARTITIONS, `word ${number}`, BigInt(number), number]
      })
      await run((transaction) => transaction.upsertMany(COUNTS, rows))
      expect(await rowsOf([1])).toHaveLength(5_000)
      const keys = rows.filter(([partition]) => partition === 1).map(([, word]) => [word ?? null])
      expect(await get().getMany(COUNTS, { prefix: [1], keys })).toHaveLength(5_000)
    })

    test('takes rows that are nothing but a key', async () => {
      await run((transaction) => transaction.upsertMany(NAMES, [['a'], ['b']]))
      await run((transaction) => transaction.upsertMany(NAMES, [['b'], ['c']]))
      expect(await get().range(NAMES, { prefix: [] })).toEqual([['a'], ['b'], ['c']])
    })

    test('takes no rows', async () => {
      await run((transaction) => transaction.upsertMany(COUNTS, []))
      expect(await rowsOf()).toEqual([])
    })

    test('fails when a key occurs twice', async () => {
      const twice = run((transaction) =>
        transaction.upsertMany(COUNTS, [
          [0, 'a', 1n, 1],
          [0, 'a', 2n, 2],
        ]),
      )
      await expect(twice).rejects.toThrow(DatabaseFailedError)
    })

    test('a row of a partition that was never made is refused', async () => {
      const refused = run((transaction) =>
        transaction.upsertMany(COUNTS, [[PARTITIONS, 'a', 1n, 1]]),
      )
      await expect(refused).rejects.toThrow(RowRefusedError)
    })
  })

  describe('insertMissing', () => {
    test('leaves rows that are there alone and counts the others', async () => {
      const first = await run((transaction) =>
        transaction.insertMissing(TASKS, [['0_0', 1n, null]]),
      )
      const rows: Row[] = [
        ['0_0', 9n, 'x'],
        ['0_1', 0n, null],
        ['0_2', 0n, 'y'],
      ]
      const second = await run((transaction) => transaction.insertMissing(TASKS, rows))
      expect([first, second]).toEqual([1, 2])
      expect(await get().range(TASKS, { prefix: [] })).toEqual([
        ['0_0', 1n, null],
        rows[1],
        rows[2],
      ])
    })

    test('counts nothing for no rows', async () => {
      expect(await run((transaction) => transaction.insertMissing(TASKS, []))).toBe(0)
    })
  })

  describe('deleteMany', () => {
    const fill = (transaction: Transaction) =>
      transaction.upsertMany(WINDOWS, [
        [0, 'a', 1, 1],
        [0, 'a', 2, 1],
        [0, 'b', 1, 1],
        [1, 'a', 1, 1],
      ])

    test.each([
      [
        [],
        [
          [0, 'a', 1],
          [1, 'a', 1],
          [1, 'b', 1],
        ],
        2,
        [
          [0, 'a', 2, 1],
          [0, 'b', 1, 1],
        ],
      ],
      [
        [0],
        [
          ['a', 1],
          ['b', 1],
          ['c', 1],
        ],
        2,
        [
          [0, 'a', 2, 1],
          [1, 'a', 1, 1],
        ],
      ],
      [
        [0, 'a'],
        [[1], [2], [3]],
        2,
        [
          [0, 'b', 1, 1],
          [1, 'a', 1, 1],
        ],
      ],
      [
        [0, 'b', 1],
        [[]],
        1,
        [
          [0, 'a', 1, 1],
          [0, 'a', 2, 1],
          [1, 'a', 1, 1],
        ],
      ],
    ])(
      'with prefix %j deletes the rows there are and counts them',
      async (prefix, keys, count, left) => {
        await run(fill)
        expect(await run((transaction) => transaction.deleteMany(WINDOWS, { prefix, keys }))).toBe(
          count,
        )
        expect(await get().range(WINDOWS, { prefix: [] })).toEqual(left)
      },
    )

    test('counts nothing for no keys', async () => {
      await run(fill)
      expect(
        await run((transaction) => transaction.deleteMany(WINDOWS, { prefix: [0], keys: [] })),
      ).toBe(0)
    })
  })

  describe('deleteRange', () => {
    const fill = (transaction: Transaction) =>
      transaction.upsertMany(
        COUNTS,
        ['a', 'b', 'c', 'd'].flatMap((key): Row[] => [
          [0, key, 1n, 1],
          [1, key, 1n, 1],
        ]),
      )

    test('deletes what lies between its bounds and counts it', async () => {
      await run(fill)
      const range = {
        prefix: [0],
        from: { cell: 'a', inclusive: false },
        to: { cell: 'c', inclusive: true },
      }
      expect(await run((transaction) => transaction.deleteRange(COUNTS, range))).toBe(2)
      expect((await rowsOf([0])).map(([, key]) => key)).toEqual(['a', 'd'])
      expect(await rowsOf([1])).toHaveLength(4)
    })

    test('deletes no more than its limit, from where it begins', async () => {
      await run(fill)
      const deleteRange = (range: KeyRange) =>
        run((transaction) => transaction.deleteRange(COUNTS, range))
      expect(await deleteRange({ prefix: [0], limit: 1, reverse: true })).toBe(1)
      expect(await deleteRange({ prefix: [0], limit: 2 })).toBe(2)
      expect((await rowsOf([0])).map(([, key]) => key)).toEqual(['c'])
      expect(await deleteRange({ prefix: [0], limit: 2 })).toBe(1)
      expect(await rowsOf([1])).toHaveLength(4)
    })

    test('deletes by the index, in its order', async () => {
      const rows = [30, 10, 20].map((start, at): Row => [1, 'abc'[at]!, start, 0])
      await run((transaction) => transaction.upsertMany(WINDOWS, [...rows, [0, 'a', 0, 0]]))
      const range: KeyRange = {
        by: 'index',
        prefix: [1],
        to: { cell: 30, inclusive: false },
        limit: 1,
      }
      expect(await run((transaction) => transaction.deleteRange(WINDOWS, range))).toBe(1)
      const left = await get().range(WINDOWS, { by: 'index', prefix: [1] })
      expect(left).toEqual([rows[2], rows[0]])
    })
  })

  describe('updateWhere', () => {
    const rows: Row[] = [
      ['0_0', 1n, null],
      ['0_1', 1n, 'x'],
      ['0_2', 2n, 'x'],
    ]
    const fill = () => run((transaction) => transaction.upsertMany(TASKS, rows))

    test('changes the rows that match and counts them', async () => {
      await fill()
      const updates = ['0_0', '0_1', '0_2', '0_3'].map((task) => ({
        where: { task, epoch: 1n },
        set: { epoch: 5n },
      }))
      expect(await run((transaction) => transaction.updateWhere(TASKS, updates))).toBe(2)
      expect(await get().range(TASKS, { prefix: [] })).toEqual([
        ['0_0', 5n, null],
        ['0_1', 5n, 'x'],
        rows[2],
      ])
    })

    test('null matches null and nothing else', async () => {
      await fill()
      const updates = ['0_0', '0_1'].map((task) => ({
        where: { task, owner: null },
        set: { owner: 'me' },
      }))
      expect(await run((transaction) => transaction.updateWhere(TASKS, updates))).toBe(1)
      expect(await run((transaction) => transaction.updateWhere(TASKS, updates))).toBe(0)
      expect((await get().range(TASKS, { prefix: [] })).map(([, , owner]) => owner)).toEqual([
        'me',
        'x',
        'x',
      ])
    })

    test('one call may name null in one update and a value in another', async () => {
      await fill()
      const updates = [
        { where: { task: '0_0', owner: null }, set: { owner: 'a' } },
        { where: { task: '0_1', owner: 'x' }, set: { owner: null } },
        { where: { task: '0_2', owner: null }, set: { owner: 'c' } },
      ]
      expect(await run((transaction) => transaction.updateWhere(TASKS, updates))).toBe(2)
      expect((await get().range(TASKS, { prefix: [] })).map(([, , owner]) => owner)).toEqual([
        'a',
        null,
        'x',
      ])
    })

    test('changes every row that matches, also where the key is not named', async () => {
      await fill()
      const update = { where: { owner: 'x' }, set: { owner: 'y', epoch: 9 } }
      expect(await run((transaction) => transaction.updateWhere(TASKS, [update]))).toBe(2)
      expect(await get().range(TASKS, { prefix: [] })).toEqual([
        rows[0],
        ['0_1', 9n, 'y'],
        ['0_2', 9n, 'y'],
      ])
    })

    test('changes rows of a partitioned table', async () => {
      await run((transaction) =>
        transaction.upsertMany(COUNTS, [
          [0, 'a', 1n, 1],
          [3, 'a', 1n, 1],
        ]),
      )
      const update = { where: { partition: 3, key: 'a' }, set: { value: 2n } }
      expect(await run((transaction) => transaction.updateWhere(COUNTS, [update]))).toBe(1)
      expect(await rowsOf()).toEqual([
        [0, 'a', 1n, 1],
        [3, 'a', 2n, 1],
      ])
    })

    test('counts nothing for no updates', async () => {
      expect(await run((transaction) => transaction.updateWhere(TASKS, []))).toBe(0)
    })
  })
}
