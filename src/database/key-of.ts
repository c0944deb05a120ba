import type { Cell } from '../model/cell.ts'
import type { Row, Table } from './table.ts'

/** The cells of a row's key, in the order of the key. */
export function keyOf({ columns, key }: Table, row: Row): Cell[] {
  return key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null)
}
