import { COMPARE } from '../database/compare-cells.ts'
import type { Row, Table } from '../database/table.ts'
import type { Bound, Reader } from '../database/transaction.ts'
import type { Cell } from '../model/cell.ts'
import { cacheKey, type CacheEntry } from './cache-entry.ts'
import type { WriteBehindCache } from './write-behind-cache.ts'

/** Rows read at once. A guess. */
const PAGE_ROWS = 1_000

/** The rows of one partition, and what is staged over them. */
export interface ScannedRows<V> {
  readonly reader: Reader
  readonly table: Table
  readonly partition: number
  readonly cache: WriteBehindCache<V>
  readonly from: Bound | undefined
  readonly to: Bound | undefined
  readonly reverse: boolean
}

/** The columns of a key-value store. */
const KEY = 1

/** A key with its row in the database, or with what was staged over it, even if that is durable by now. */
export interface ScannedKey<V> {
  readonly keyCell: Cell
  readonly row?: Row
  readonly staged?: CacheEntry<V>
}

/** The keys of rows in the database and of staged ones, in order, page by page. */
export async function* scanRows<V>(scan: ScannedRows<V>): AsyncGenerator<readonly ScannedKey<V>[]> {
  let rest = scan
  for (;;) {
    const { rows, staged } = await readPage(rest)
    const last = rows.length < PAGE_ROWS ? undefined : { cell: rows.at(-1)![KEY]!, inclusive: true }
    const page = last ? endingAt(rest, last) : rest
    yield merge(rows, staged.filter(isIn(page)), page)
    if (!last) return
    rest = beginningAfter(rest, last)
  }
}

/**
 * What was staged before the rows are read counts as well as what is afterwards: a commit that ends meanwhile is not in the rows,
 * and no longer staged.
 */
async function readPage<V>({ cache, reader, table, partition, ...range }: ScannedRows<V>) {
  const { from, to, reverse } = range
  return cache.during(async () => {
    const before = cache.staged()
    const rows = await reader.range(table, {
      prefix: [partition],
      ...(from && { from }),
      ...(to && { to }),
      reverse,
      limit: PAGE_ROWS,
    })
    return { rows, staged: [...before, ...cache.staged()] }
  })
}

function merge<V>(
  rows: readonly Row[],
  staged: readonly CacheEntry<V>[],
  { table, reverse }: ScannedRows<V>,
): ScannedKey<V>[] {
  const keys = new Map<unknown, ScannedKey<V>>()
  for (const row of rows) keys.set(cacheKey(row[KEY]!), { keyCell: row[KEY]!, row })
  for (const entry of staged)
    keys.set(cacheKey(entry.keyCell), { keyCell: entry.keyCell, staged: entry })
  const compare = compareKeysOf(table)
  const sorted = [...keys.values()].sort((a, b) => compare(a.keyCell, b.keyCell))
  return reverse ? sorted.reverse() : sorted
}

function isIn<V>({ table, from, to }: ScannedRows<V>): (entry: CacheEntry<V>) => boolean {
  const compare = compareKeysOf(table)
  const isAbove = ({ cell, inclusive }: Bound, key: Cell) =>
    compare(key, cell) > 0 || (inclusive && compare(key, cell) === 0)
  const isBelow = ({ cell, inclusive }: Bound, key: Cell) =>
    compare(key, cell) < 0 || (inclusive && compare(key, cell) === 0)
  return ({ keyCell }) => (!from || isAbove(from, keyCell)) && (!to || isBelow(to, keyCell))
}

function endingAt<V>(scan: ScannedRows<V>, end: Bound): ScannedRows<V> {
  return scan.reverse ? { ...scan, from: end } : { ...scan, to: end }
}

function beginningAfter<V>(scan: ScannedRows<V>, { cell }: Bound): ScannedRows<V> {
  const after = { cell, inclusive: false }
  return scan.reverse ? { ...scan, to: after } : { ...scan, from: after }
}

function compareKeysOf({ columns }: Table): (a: Cell, b: Cell) => number {
  return COMPARE[columns[KEY]!.type]
}
