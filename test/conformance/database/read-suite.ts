import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Row } from '../../../src/database/table.ts'
import type { KeyRange } from '../../../src/database/transaction.ts'
import { DatabaseFailedError } from '../../../src/errors/database-errors.ts'
import type { GetDatabase } from './get-database.ts'
import { CELLS, COUNTS, NAMES, WINDOWS } from './tables.ts'

const WORDS = ['a', 'b', 'c', 'd', 'e']

/** getMany and range, of committed rows. */
export function readSuite(get: GetDatabase): void {
  const counts: Row[] = [0, 1].flatMap((partition) =>
    WORDS.map((word, at) => [partition, word, BigInt(at), partition * 1_000 + at]),
  )
  const windows: Row[] = ['x', 'y'].flatMap((key) =>
    [10, 20, 30].map((start) => [2, key, start, start / 4]),
  )

  beforeEach(() =>
    get().transaction(async (transaction) => {
      await transaction.upsertMany(COUNTS, counts)
      await transaction.upsertMany(WINDOWS, windows)
    }),
  )

  describe('getMany', () => {
    test('gives the rows there are and leaves the others out', async () => {
      const rows = await get().getMany(COUNTS, { prefix: [1], keys: [['e'], ['none'], ['b']] })
      expect(sorted(rows)).toEqual([counts[6], counts[9]])
    })

    test('does not see the same key under another prefix', async () => {
      expect(await get().getMany(COUNTS, { prefix: [2], keys: [['a']] })).toEqual([])
    })

    test.each([
      [
        [],
        [
          [2, 'x', 10],
          [2, 'y', 30],
          [1, 'x', 10],
        ],
      ],
      [
        [2],
        [
          ['x', 10],
          ['y', 30],
          ['x', 11],
        ],
      ],
      [
        [2, 'x'],
        [[10], [11]],
      ],
    ])('takes prefix %j and the rest of each key', async (prefix, keys) => {
      const rows = await get().getMany(WINDOWS, { prefix, keys })
      expect(sorted(rows)).toEqual([windows[0], windows[5]].slice(0, prefix.length === 2 ? 1 : 2))
    })

    test('takes a prefix that is the whole key', async () => {
      expect(await get().getMany(COUNTS, { prefix: [0, 'c'], keys: [[]] })).toEqual([counts[2]])
    })

    test.each([
      [
        [],
        [
          [2, 'x'],
          [2, 'z'],
          [1, 'y'],
        ],
      ],
      [[2], [['x'], ['z'], ['x']]],
      [[2, 'x'], [[]]],
    ])('gives all rows whose key begins with prefix %j and one of %j', async (prefix, keys) => {
      const rows = await get().getMany(WINDOWS, { prefix, keys })
      expect(rows.toSorted((a, b) => Number(a[2]) - Number(b[2]))).toEqual(windows.slice(0, 3))
    })

    test('gives the rows of many keys', async () => {
      const rows = await get().getMany(WINDOWS, { prefix: [2], keys: [['y'], ['x']] })
      expect(rows).toHaveLength(windows.length)
      expect(rows).toEqual(expect.arrayContaining(windows))
    })

    test('answers nothing for no keys', async () => {
      expect(await get().getMany(COUNTS, { prefix: [0], keys: [] })).toEqual([])
      expect(await get().getMany(COUNTS, { prefix: [0, 'c'], keys: [] })).toEqual([])
    })

    test('gives a row once when its key is asked for twice', async () => {
      expect(await get().getMany(COUNTS, { prefix: [0], keys: [['a'], ['a']] })).toEqual([
        counts[0],
      ])
      const keys = [
        ['x', 10],
        ['x', 10],
      ]
      expect(await get().getMany(WINDOWS, { prefix: [2], keys })).toEqual([windows[0]])
    })

    test('fails for a table that was never made', async () => {
      const table = { ...NAMES, name: 'missing' }
      await expect(get().getMany(table, { prefix: [], keys: [['a']] })).rejects.toThrow(
        DatabaseFailedError,
      )
    })
  })

  describe('range', () => {
    const wordsOf = async (range: Omit<KeyRange, 'prefix'>) =>
      (await get().range(COUNTS, { prefix: [0], ...range }))
        .map(([, word]) => word as string)
        .join('')

    test('gives the rows of a prefix in key order', async () => {
      expect(await get().range(COUNTS, { prefix: [1] })).toEqual(counts.slice(5))
      expect(await get().range(WINDOWS, { prefix: [2, 'y'] })).toEqual(windows.slice(3))
      expect(await get().range(WINDOWS, { prefix: [2, 'z'] })).toEqual([])
    })

    test('gives the whole table without a prefix', async () => {
      expect(await get().range(COUNTS, { prefix: [] })).toEqual(counts)
      expect(await get().range(CELLS, { prefix: [] })).toEqual([])
    })

    test('gives one row for a prefix that is the whole key', async () => {
      expect(await get().range(COUNTS, { prefix: [1, 'c'] })).toEqual([counts[7]])
    })

    test('goes on behind a row, whether it is there or not', async () => {
      expect(await wordsOf({ after: ['b'], limit: 2 })).toBe('cd')
      expect(await wordsOf({ after: ['bb'] })).toBe('cde')
      expect(await wordsOf({ after: ['c'], reverse: true })).toBe('ba')
      expect(await get().range(COUNTS, { prefix: [], after: [0, 'e'] })).toEqual(counts.slice(5))
      const [first, second] = windows
      const after = first!.slice(1, 3)
      expect(await get().range(WINDOWS, { prefix: [2], after, limit: 1 })).toEqual([second])
      expect(await get().range(WINDOWS, { prefix: [2], after: ['x'] })).toEqual(windows.slice(3))
    })

    test('keeps to its bounds, with or without the ends', async () => {
      const b = { cell: 'b', inclusive: true }
      const d = { cell: 'd', inclusive: true }
      expect(await wordsOf({ from: b })).toBe('bcde')
      expect(await wordsOf({ from: { ...b, inclusive: false } })).toBe('cde')
      expect(await wordsOf({ to: d })).toBe('abcd')
      expect(await wordsOf({ to: { ...d, inclusive: false } })).toBe('abc')
      expect(await wordsOf({ from: b, to: d })).toBe('bcd')
      expect(
        await wordsOf({ from: { ...b, inclusive: false }, to: { ...d, inclusive: false } }),
      ).toBe('c')
      expect(await wordsOf({ from: d, to: b })).toBe('')
      expect(await wordsOf({ from: b, to: { ...b, inclusive: false } })).toBe('')
    })

    test('takes bounds of cells that no row has', async () => {
      expect(
        await wordsOf({
          from: { cell: 'bb', inclusive: true },
          to: { cell: 'dd', inclusive: false },
        }),
      ).toBe('cd')
    })

    test('bounds the column after the prefix, whatever comes behind it', async () => {
      const from = { cell: 'x', inclusive: false }
      expect(await get().range(WINDOWS, { prefix: [2], from })).toEqual(windows.slice(3))
      const to = { cell: 'x', inclusive: true }
      expect(await get().range(WINDOWS, { prefix: [2], to })).toEqual(windows.slice(0, 3))
    })

    test('goes backwards, in all key columns', async () => {
      expect(await wordsOf({ reverse: true })).toBe('edcba')
      expect(await get().range(WINDOWS, { prefix: [2], reverse: true })).toEqual(
        windows.toReversed(),
      )
    })

    test('goes by the index, and by the key where that is equal', async () => {
      const by = 'index'
      const byStart = [0, 3, 1, 4, 2, 5].map((at) => windows[at])
      expect(await get().range(WINDOWS, { by, prefix: [2] })).toEqual(byStart)
      const from = { cell: 20, inclusive: true }
      expect(await get().range(WINDOWS, { by, prefix: [2], from, limit: 3 })).toEqual(
        byStart.slice(2, 5),
      )
      expect(await get().range(WINDOWS, { by, prefix: [2], reverse: true })).toEqual(
        byStart.toReversed(),
      )
      await expect(async () => get().range(COUNTS, { by, prefix: [0] })).rejects.toThrow(TypeError)
    })

    test('stops at its limit, counted from where it begins', async () => {
      expect(await wordsOf({ limit: 2 })).toBe('ab')
      expect(await wordsOf({ limit: 2, reverse: true })).toBe('ed')
      expect(await wordsOf({ limit: 0 })).toBe('')
      expect(await wordsOf({ limit: 2, from: { cell: 'b', inclusive: false } })).toBe('cd')
    })
  })
}

function sorted(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => (keyText(a) < keyText(b) ? -1 : 1))
}

/** Enough to sort by: the first two cells, of which none is a bigint. */
function keyText(row: Row): string {
  return JSON.stringify(row.slice(0, 2))
}
