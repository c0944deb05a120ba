import type { Table } from '../../table.ts'
import type { KeyRange, KeySet } from '../../transaction.ts'
import { qualified, quote, quoteList } from '../identifiers.ts'
import type { Statement } from '../statement.ts'
import { keyCondition } from './key-condition.ts'
import { Parameters } from './parameters.ts'
import { rangeCondition } from './range-condition.ts'

/** Reads rows by key. Locked rows are locked in key order, so that two who want the same rows cannot deadlock. */
export function compileGetMany(
  schema: string,
  table: Table,
  keys: KeySet,
  lock: boolean,
): Statement {
  const parameters = new Parameters(table)
  const condition = keyCondition(table, keys, parameters)
  const end = lock ? ` order by ${quoteList(table.key)} for update` : ''
  return {
    text: `select ${columnsOfSelect(table)} from ${qualified(schema, table.name)} where ${condition}${end}`,
    values: parameters.values,
    table: table.name,
  }
}

/** Reads a range in key order. */
export function compileRange(schema: string, table: Table, range: KeyRange): Statement {
  const parameters = new Parameters(table)
  const condition = rangeCondition(table, range, parameters)
  const direction = range.reverse ? ' desc' : ''
  const order = table.key.map((name) => quote(name) + direction).join(', ')
  const limit = range.limit === undefined ? '' : ` limit ${wholeNumber(range.limit)}`
  return {
    text: `select ${columnsOfSelect(table)} from ${qualified(schema, table.name)}${condition} order by ${order}${limit}`,
    values: parameters.values,
    table: table.name,
  }
}

function columnsOfSelect(table: Table): string {
  return quoteList(table.columns.map(({ name }) => name))
}

function wholeNumber(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new TypeError(`limit ${limit} is not a whole number`)
  return limit
}
