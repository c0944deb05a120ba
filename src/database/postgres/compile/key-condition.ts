import { columnsOf } from '../../columns-of.ts'
import type { Column, Table } from '../../table.ts'
import type { KeySet } from '../../transaction.ts'
import { quote, quoteList } from '../identifiers.ts'
import type { Parameters } from './parameters.ts'

/** The rows of a key set. The prefix stays a plain equality, by which the planner finds the one partition it needs. */
export function keyCondition(table: Table, keys: KeySet, parameters: Parameters): string {
  const columns = columnsOf(table, table.key)
  const end = keys.prefix.length + (keys.keys[0]?.length ?? 0)
  const rest = columns.slice(keys.prefix.length, end)
  const conditions = prefixConditions(columns, keys.prefix, parameters)
  if (rest.length > 0) conditions.push(restCondition(rest, keys.keys, parameters))
  return conditions.join(' and ') || 'true'
}

/** The leading key columns equal to the cells of `prefix`. */
export function prefixConditions(
  columns: readonly Column[],
  prefix: KeySet['prefix'],
  parameters: Parameters,
): string[] {
  return columns
    .slice(0, prefix.length)
    .map((column, at) => `${quote(column.name)} = ${parameters.cell(column, prefix[at] ?? null)}`)
}

function restCondition(
  columns: readonly Column[],
  keys: KeySet['keys'],
  parameters: Parameters,
): string {
  const names = quoteList(columns.map(({ name }) => name))
  const source = parameters.unnest(columns, keys)
  if (columns.length > 1) return `(${names}) in (select * from ${source})`
  return `${names} = any(${source.slice('unnest('.length, -1)})`
}
