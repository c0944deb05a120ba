import type { Column, Table } from './table.ts'

/** The columns of these names, in this order. */
export function columnsOf(table: Table, names: readonly string[]): Column[] {
  return names.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (!column) throw new TypeError(`table ${table.name} has no column ${name}`)
    return column
  })
}
