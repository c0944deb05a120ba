import { columnsOf } from '../../columns-of.ts'
import type { Column, Table } from '../../table.ts'
import type { Bound, KeyRange } from '../../transaction.ts'
import { quote, quoteList } from '../identifiers.ts'
import { prefixConditions } from './key-condition.ts'
import type { Parameters } from './parameters.ts'

/** ` where …` of a range, or nothing for the whole table. */
export function rangeCondition(table: Table, range: KeyRange, parameters: Parameters): string {
  const columns = columnsOf(table, namesOf(table, range))
  const bounded = columns[range.prefix.length]
  const conditions = [
    ...prefixConditions(columns, range.prefix, parameters),
    ...boundCondition(bounded, '>', range.from, parameters),
    ...boundCondition(bounded, '<', range.to, parameters),
    ...afterCondition(columns.slice(range.prefix.length), range, parameters),
  ]
  return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
}

/** ` order by …` of a range, with its limit. */
export function rangeOrder(table: Table, range: KeyRange): string {
  const direction = range.reverse ? ' desc' : ''
  const names = new Set([...namesOf(table, range), ...table.key])
  const order = [...names].map((name) => quote(name) + direction).join(', ')
  const limit = range.limit === undefined ? '' : ` limit ${wholeNumber(range.limit)}`
  return ` order by ${order}${limit}`
}

function namesOf(table: Table, { by }: KeyRange): readonly string[] {
  if (!by) return table.key
  if (!table.index) throw new TypeError(`table ${table.name} has no index`)
  return table.index
}

function boundCondition(
  column: Column | undefined,
  operator: '<' | '>',
  bound: Bound | undefined,
  parameters: Parameters,
): string[] {
  if (!bound) return []
  if (!column)
    throw new TypeError('a range whose prefix is the whole key has no column left for a bound')
  const comparison = bound.inclusive ? `${operator}=` : operator
  return [`${quote(column.name)} ${comparison} ${parameters.cell(column, bound.cell)}`]
}

/** A comparison of rows, which the index of the key answers. */
function afterCondition(
  columns: readonly Column[],
  { after, reverse }: KeyRange,
  parameters: Parameters,
): string[] {
  if (!after) return []
  if (after.length > columns.length) throw new TypeError('a cursor has more cells than the key')
  const compared = columns.slice(0, after.length)
  const cells = compared.map((column, at) => parameters.cell(column, after[at] ?? null))
  const names = quoteList(compared.map(({ name }) => name))
  return [`(${names}) ${reverse ? '<' : '>'} (${cells.join(', ')})`]
}

function wholeNumber(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new TypeError(`limit ${limit} is not a whole number`)
  return limit
}
