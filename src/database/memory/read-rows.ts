import type { Cell } from '../../model/cell.ts'
import type { Row } from '../table.ts'
import type { KeyRange, KeySet } from '../transaction.ts'
import type { Changes } from './changes.ts'
import { fullKeys, prepareRange } from './key-ranges.ts'
import type { Entry, MemoryTable } from './memory-table.ts'

/** The rows of a key set as they look through the changes. */
export function readMany(table: MemoryTable, keys: KeySet, changes: Changes): Row[] {
  return findMany(table, fullKeys(table, keys), changes).map((entry) => table.toRow(entry))
}

/** The entries whose keys are these, or begin with them. */
export function findMany(
  table: MemoryTable,
  keys: readonly (readonly Cell[])[],
  changes: Changes,
): Entry[] {
  return keys.flatMap((key) => {
    if (key.length < table.table.key.length)
      return changes.within(table, (other) => table.compareKeys(other, key))
    return changes.get(table, key) ?? []
  })
}

/** The rows of a range as they look through the changes. */
export function readRange(table: MemoryTable, range: KeyRange, changes: Changes): Row[] {
  return prepareRange(table, range)(changes).map((entry) => table.toRow(entry))
}
