import type { Cell } from '../../model/cell.ts'
import { columnsOf } from '../columns-of.ts'
import type { Column } from '../table.ts'
import type { KeyRange, KeySet } from '../transaction.ts'
import type { MemoryTable } from './memory-table.ts'
import type { Place } from './sorted-entries.ts'

/** The keys of a set in full, in order, each once. */
export function fullKeys(table: MemoryTable, { prefix, keys }: KeySet): Cell[][] {
  return keys
    .map((key) => table.toKey([...prefix, ...key]))
    .sort(table.compareKeys)
    .filter((key, at, sorted) => at === 0 || table.compareKeys(key, sorted[at - 1] ?? []) !== 0)
}

/** Where keys lie against a range. */
export function placeOf(table: MemoryTable, range: KeyRange): Place {
  const prefix = table.toKey(range.prefix)
  const from = range.from && {
    ...range.from,
    key: [...prefix, boundCell(table, range, range.from.cell)],
  }
  const to = range.to && { ...range.to, key: [...prefix, boundCell(table, range, range.to.cell)] }
  return (key) => {
    const order = table.compareKeys(key, prefix)
    if (order !== 0) return order
    const overFrom = from ? table.compareKeys(key, from.key) : 1
    if (overFrom < 0 || (overFrom === 0 && !from?.inclusive)) return -1
    const overTo = to ? table.compareKeys(key, to.key) : -1
    return overTo > 0 || (overTo === 0 && !to?.inclusive) ? 1 : 0
  }
}

function boundCell(table: MemoryTable, range: KeyRange, cell: Cell): Cell {
  const [column] = columnsOf(table.table, table.table.key).slice(range.prefix.length) as [Column?]
  if (!column)
    throw new TypeError('a range whose prefix is the whole key has no column left for a bound')
  return table.toCell(column, cell)
}
