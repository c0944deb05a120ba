import type { Cell } from '../../model/cell.ts'
import { columnsOf } from '../columns-of.ts'
import type { Row } from '../table.ts'
import type { Bound, KeyRange, KeySet } from '../transaction.ts'
import type { Changes } from './changes.ts'
import { createOrder } from './column-order.ts'
import type { Entry, MemoryTable } from './memory-table.ts'
import type { Place } from '../../model/sorted-entries.ts'

/** The keys of a set with their prefix, in order, each once. */
export function fullKeys(table: MemoryTable, { prefix, keys }: KeySet): Cell[][] {
  return keys
    .map((key) => table.toKey([...prefix, ...key]))
    .sort(table.compareKeys)
    .filter((key, at, sorted) => at === 0 || table.compareKeys(key, sorted[at - 1] ?? []) !== 0)
}

/** How to find the entries of a range, in its order, as they look through changes. The range is checked at once. */
export function prepareRange(
  table: MemoryTable,
  range: KeyRange,
): (changes: Changes) => readonly Entry[] {
  const place = placeOf(table, range)
  return (changes) => {
    const found = range.by ? findInIndex(table, place, changes) : changes.within(table, place)
    if (range.reverse) found.reverse()
    return found.slice(0, range.limit)
  }
}

/** Without an index: there are not many rows in memory. */
function findInIndex(table: MemoryTable, place: Place<readonly Cell[]>, changes: Changes): Entry[] {
  const names = table.table.index ?? []
  const order = createOrder(columnsOf(table.table, names))
  const at = names.map((name) => table.table.columns.findIndex((column) => column.name === name))
  const cellsOf = (row: Row) => at.map((index) => row[index] ?? null)
  return changes
    .within(table, () => 0)
    .map((entry) => ({ entry, cells: cellsOf(entry.row) }))
    .filter(({ cells }) => place(cells) === 0)
    .sort((a, b) => order(a.cells, b.cells))
    .map(({ entry }) => entry)
}

/** Where the cells of the key, or of the index, lie against a range. */
function placeOf(table: MemoryTable, range: KeyRange): Place<readonly Cell[]> {
  const names = namesOf(table, range)
  const order = createOrder(columnsOf(table.table, names))
  const prefix = table.toKey(range.prefix, names)
  const bounded = (bound: Bound | undefined) =>
    bound && { ...bound, key: [...prefix, boundCell(table, names, range, bound.cell)] }
  const [from, to] = [bounded(range.from), bounded(range.to)]
  const after = range.after && table.toKey([...range.prefix, ...range.after], names)
  return (key) => {
    const byPrefix = order(key, prefix)
    if (byPrefix !== 0) return byPrefix
    const overAfter = after ? order(key, after) : undefined
    if (overAfter !== undefined && (range.reverse ? overAfter >= 0 : overAfter <= 0))
      return range.reverse ? 1 : -1
    const overFrom = from ? order(key, from.key) : 1
    if (overFrom < 0 || (overFrom === 0 && !from?.inclusive)) return -1
    const overTo = to ? order(key, to.key) : -1
    return overTo > 0 || (overTo === 0 && !to?.inclusive) ? 1 : 0
  }
}

function namesOf({ table }: MemoryTable, { by }: KeyRange): readonly string[] {
  if (!by) return table.key
  if (!table.index) throw new TypeError(`table ${table.name} has no index`)
  return table.index
}

function boundCell(
  table: MemoryTable,
  names: readonly string[],
  range: KeyRange,
  cell: Cell,
): Cell {
  const [column] = columnsOf(table.table, names.slice(range.prefix.length))
  if (!column)
    throw new TypeError('a range whose prefix is the whole key has no column left for a bound')
  return table.toCell(column, cell)
}
