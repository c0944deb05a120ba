import type { Table } from '../../table.ts'
import type { KeyRange, KeySet } from '../../transaction.ts'
import { qualified, quoteList } from '../identifiers.ts'
import type { Statement } from '../statement.ts'
import { keyCondition } from './key-condition.ts'
import { Parameters } from './parameters.ts'
import { rangeCondition, rangeOrder } from './range-condition.ts'

/** Deletes rows by key. */
export function compileDeleteMany(schema: string, table: Table, keys: KeySet): Statement {
  const parameters = new Parameters(table)
  const condition = keyCondition(table, keys, parameters)
  return {
    text: `delete from ${qualified(schema, table.name)} where ${condition}`,
    values: parameters.values,
    table: table.name,
  }
}

/**
 * Deletes a range. What PostgreSQL cannot limit is a delete; the condition stands inside and outside, so that the planner finds
 * the partition in both places.
 */
export function compileDeleteRange(schema: string, table: Table, range: KeyRange): Statement {
  const parameters = new Parameters(table)
  const name = qualified(schema, table.name)
  const condition = rangeCondition(table, range, parameters)
  const key = quoteList(table.key)
  const first = `(${key}) in (select ${key} from ${name}${condition}${rangeOrder(table, range)})`
  const limited = condition ? `${condition} and ${first}` : ` where ${first}`
  return {
    text: `delete from ${name}${range.limit === undefined ? condition : limited}`,
    values: parameters.values,
    table: table.name,
  }
}
