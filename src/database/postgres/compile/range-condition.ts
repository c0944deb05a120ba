import { columnsOf } from '../../columns-of.ts'
import type { Column, Table } from '../../table.ts'
import type { Bound, KeyRange } from '../../transaction.ts'
import { quote } from '../identifiers.ts'
import { prefixConditions } from './key-condition.ts'
import type { Parameters } from './parameters.ts'

/** ` where …` of a range, or nothing for the whole table. */
export function rangeCondition(table: Table, range: KeyRange, parameters: Parameters): string {
  const columns = columnsOf(table, table.key)
  const bounded = columns[range.prefix.length]
  const conditions = [
    ...prefixConditions(columns, range.prefix, parameters),
    ...boundCondition(bounded, '>', range.from, parameters),
    ...boundCondition(bounded, '<', range.to, parameters),
  ]
  return conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
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
