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

/**
 * Inserts rows whose key is not taken. Rows that are there are looked for first: `on conflict do nothing` alone would wait
 * for whoever is updating one of them, only to leave it alone.
 */
export function compileInsertMissing(
  schema: string,
  table: Table,
  rows: readonly Row[],
): Statement {
  const key = table.key.map((name) => `t.${quote(name)} = given.${quote(name)}`).join(' and ')
  const missing = `where not exists (select from ${qualified(schema, table.name)} t where ${key})`
  return compileInsert(schema, table, rows, `${missing} on conflict do nothing`)
}

function compileInsert(schema: string, table: Table, rows: readonly Row[], end: string): Statement {
  const parameters = new Parameters(table)
  const source = parameters.unnest(table.columns, rows)
  const columns = quoteList(table.columns.map(({ name }) => name))
  const target = `${qualified(schema, table.name)} (${columns})`
  return {
    text: `insert into ${target} select * from ${source} as given (${columns}) ${end}`,
    values: parameters.values,
    table: table.name,
  }
}
