import { expect, test } from '@jest/globals'
import { RowRefusedError } from '../../../src/errors/database-errors.ts'
import type { Cell, CellType } from '../../../src/model/cell.ts'
import type { GetDatabase } from './get-database.ts'
import { CELLS, cellRow, keyedBy } from './tables.ts'

/** 4714-11-24 BC. */
const EARLIEST = -210_866_803_200_000
/** The year 275760. */
const LATEST = 8_640_000_000_000_000

const KEPT: Readonly<Record<CellType, readonly Cell[]>> = {
  boolean: [true, false],
  bytes: [Buffer.alloc(0), Buffer.from([0, 255, 92, 34, 0]), Buffer.alloc(100_000, 7)],
  double: [0, -0, 0.1, 5e-324, 1.7976931348623157e308, Infinity, -Infinity, NaN],
  int32: [0, -1, 2 ** 31 - 1, -(2 ** 31)],
  int64: [0n, -1n, 2n ** 32n, -(2n ** 32n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  json: [
    {},
    [],
    '',
    'text',
    0,
    -1.5,
    1e300,
    5e-324,
    false,
    [null, [[]], { a: { b: [1, 2, { c: null }] } }],
    { 'ключ "\\': '\u2028 😀 \\u0000 {},' },
  ],
  text: [
    '',
    ' ',
    '{}',
    '"quoted"',
    'back\\slash',
    'NULL',
    'null',
    "it's",
    '\t\n\r\u0001',
    'ä€😀\uffff',
    'x'.repeat(100_000),
  ],
  timestamp: [
    0,
    -1,
    1,
    999,
    1_709_164_800_000,
    -62_135_596_800_000,
    -62_135_596_800_001,
    -62_167_219_200_001,
    EARLIEST,
    LATEST - 1,
    LATEST,
    Infinity,
  ],
}

const REFUSED: Readonly<Record<CellType, readonly unknown[]>> = {
  boolean: ['true', 1],
  bytes: ['text', [1, 2]],
  double: ['1', 1n],
  int32: [2 ** 31, -(2 ** 31) - 1, 0.5, NaN, '1'],
  int64: [2n ** 63n, -(2n ** 63n) - 1n, 2 ** 53, 0.5, '1'],
  json: [1n, Buffer.alloc(1), '\0', { '\0': 1 }, '\ud800', ['\\\udfff']],
  text: ['\0', 'a\0b', '\ud800', 'a\udc00b', 1],
  timestamp: [EARLIEST - 1, LATEST + 1, 0.5, NaN, -Infinity, '2020-01-01'],
}

/** Each ascending, as PostgreSQL orders them. */
const SORTED: Readonly<Record<Exclude<CellType, 'json'>, readonly Cell[]>> = {
  boolean: [false, true],
  bytes: ['', '00', '0000', '01', 'ff', 'ff00'].map((hex) => Buffer.from(hex, 'hex')),
  double: [-Infinity, -1.5, 0, 5e-324, 2, 10, Infinity, NaN],
  int32: [-(2 ** 31), -1, 0, 2, 10],
  int64: [-(2n ** 63n), -1n, 0n, 2n, 10n, 2n ** 63n - 1n],
  text: [
    '',
    '\u0001',
    'A',
    'B',
    'a',
    'a\u0001',
    'aa',
    'ab',
    '\u007f',
    'ä',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '😀',
    '\u{10ffff}',
  ],
  timestamp: [EARLIEST, -62_135_596_800_001, -1, 0, 1, LATEST - 1, LATEST, Infinity],
}

/** Every type of column keeps, refuses and orders the same values everywhere. */
export function cellSuite(get: GetDatabase): void {
  test.each(typesOf(KEPT))('%s: every value comes back as it was', async (type, cells) => {
    const rows = [null, ...cells].map((cell, id) => cellRow(id, type, cell))
    await get().transaction((transaction) => transaction.upsertMany(CELLS, rows))
    expect(await get().range(CELLS, { prefix: [] })).toEqual(rows)
    const keys = { prefix: [], keys: rows.map(([id]) => [id ?? null]) }
    expect(await get().getMany(CELLS, keys)).toEqual(expect.arrayContaining(rows))
  })

  test.each(typesOf(REFUSED))('%s: what it cannot hold is refused', async (type, cells) => {
    for (const cell of cells) {
      const refused = get().transaction((transaction) =>
        transaction.upsertMany(CELLS, [cellRow(1, type, null), cellRow(2, type, cell as Cell)]),
      )
      await expect(refused).rejects.toThrow(RowRefusedError)
      await expect(refused).rejects.toThrow('cells')
    }
    expect(await get().range(CELLS, { prefix: [] })).toEqual([])
  })

  test.each(typesOf(SORTED))('%s: rows are in the order of their keys', async (type, cells) => {
    const table = keyedBy(type)
    await get().migrate([{ table }], async (transaction) => {
      await transaction.deleteRange(table, { prefix: [] })
      await transaction.upsertMany(table, shuffled(cells.map((cell, at) => [cell, at])))
    })
    const rows = await get().range(table, { prefix: [] })
    expect(rows.map(([, at]) => at)).toEqual(cells.map((_, at) => at))
    const from = { cell: cells[1] ?? null, inclusive: true }
    expect(await get().range(table, { prefix: [], from })).toEqual(rows.slice(1))
    expect(await get().getMany(table, { prefix: [], keys: [[cells[1] ?? null]] })).toEqual([
      rows[1],
    ])
  })

  test('an int64 may be written as a number', async () => {
    await get().transaction((transaction) =>
      transaction.upsertMany(CELLS, [
        cellRow(1, 'int64', Number.MAX_SAFE_INTEGER),
        cellRow(2, 'int64', Number.MIN_SAFE_INTEGER),
        cellRow(3, 'int64', -1),
      ]),
    )
    const rows = await get().range(CELLS, { prefix: [] })
    expect(rows.map((row) => row[5])).toEqual([2n ** 53n - 1n, 1n - 2n ** 53n, -1n])
  })

  test('a row is the caller’s own: changing what was written or read changes nothing', async () => {
    const value = { list: [1] }
    const bytes = Buffer.from('abc')
    const row: Cell[] = [1, null, bytes, null, null, null, value, null, null]
    await get().transaction(async (transaction) => {
      const written = transaction.upsertMany(CELLS, [row])
      value.list.push(2)
      bytes.fill(0)
      row[3] = 1
      await written
    })
    const [first] = await get().range(CELLS, { prefix: [] })
    ;(first?.[6] as { list: number[] }).list.push(3)
    ;(first?.[2] as Buffer).fill(0)
    const expected = [1, null, Buffer.from('abc'), null, null, null, { list: [1] }, null, null]
    expect(await get().range(CELLS, { prefix: [] })).toEqual([expected])
  })

  test('a null is refused by a column that is not nullable', async () => {
    const refused = get().transaction((transaction) =>
      transaction.upsertMany(keyedBy('int32'), [[1, null]]),
    )
    await expect(refused).rejects.toThrow(RowRefusedError)
  })
}

function typesOf<T>(cells: Readonly<Record<string, T>>): [CellType, T][] {
  return Object.entries(cells) as [CellType, T][]
}

/** Another order, the same each time. */
function shuffled<T>(items: readonly T[]): T[] {
  return items.map((_, at) => items[(at * 7 + 3) % items.length] as T)
}
