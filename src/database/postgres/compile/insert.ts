import type { Row, Table } from '../../table.ts'
import { qualified, quote, quoteList } from '../identifiers.ts'
import type { Statement } from '../statement.ts'
import { Parameters } from './parameters.ts'

/** Inserts rows or replaces those with the same key. */
export function compileUpsert(schema: string, table: Table, rows: readonly Row[]): Statement {
  const assignments = table.columns
    .filter(({ name }) => !table.key.includes(name))
    .map(({ name }) => `${quote(name)} = excluded.${quote(name)}`)
  const action = assignments.length > 0 ? `do update set ${assignments.join(', ')}` : 'do nothing'
  return compileInsert(schema, table, rows, `on conflict (${quoteList(table.key)}) ${action}`)
}

/** Inserts rows whose key is not taken. */
export function compileInsertMissing(
  schema: string,
  table: Table,
  rows: readonly Row[],
): Statement {
  return compileInsert(schema, table, rows, 'on conflict do nothing')
}

function compileInsert(
  schema: string,
  table: Table,
  rows: readonly Row[],
  conflict: string,
): Statement {
  const parameters = new Parameters(table)
  const source = parameters.unnest(table.columns, rows)
  const columns = quoteList(table.columns.map(({ name }) => name))
  return {
    text: `insert into ${qualified(schema, table.name)} (${columns}) select * from ${source} ${conflict}`,
    values: parameters.values,
    table: table.name,
  }
}
