import type { Row } from '../table.ts'
import type { KeyRange, KeySet } from '../transaction.ts'
import type { Changes } from './changes.ts'
import { fullKeys, placeOf } from './key-ranges.ts'
import type { MemoryTable } from './memory-table.ts'

/** The rows of a key set as they look through the changes. */
export function readMany(table: MemoryTable, keys: KeySet, changes: Changes): Row[] {
  return fullKeys(table, keys).flatMap((key) => {
    const entry = changes.get(table, key)
    return entry ? [table.toRow(entry)] : []
  })
}

/** The rows of a range as they look through the changes. */
export function readRange(table: MemoryTable, range: KeyRange, changes: Changes): Row[] {
  const entries = changes.within(table, placeOf(table, range))
  if (range.reverse) entries.reverse()
  return entries.slice(0, range.limit).map((entry) => table.toRow(entry))
}
