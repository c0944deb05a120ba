import type { Table } from '../../table.ts'
import type { KeyRange, KeySet } from '../../transaction.ts'
import { qualified, quoteList } from '../identifiers.ts'
import type { Statement } from '../statement.ts'
import { keyCondition } from './key-condition.ts'
import { Parameters } from './parameters.ts'
import { rangeCondition, rangeOrder } from './range-condition.ts'

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
  return {
    text: `select ${columnsOfSelect(table)} from ${qualified(schema, table.name)}${condition}${rangeOrder(table, range)}`,
    values: parameters.values,
    table: table.name,
  }
}

function columnsOfSelect(table: Table): string {
  return quoteList(table.columns.map(({ name }) => name))
}
