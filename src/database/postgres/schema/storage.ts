import type { Table } from '../../table.ts'

/**
 * How a table that holds rows itself is stored. A page of a hot table is left half empty, so that the new version of a row
 * fits beside the old one and no index changes ("heap-only tuple"): rows that every transaction rewrites would else grow the
 * key's index as fast as a log.
 */
export function storageOf(table: Table): string {
  return table.hot ? ' with (fillfactor = 50)' : ''
}
