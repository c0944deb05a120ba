import type { Table } from '../../table.ts'
import type { KeyRange, KeySet } from '../../transaction.ts'
import { qualified } from '../identifiers.ts'
import type { Statement } from '../statement.ts'
import { keyCondition } from './key-condition.ts'
import { Parameters } from './parameters.ts'
import { rangeCondition } from './range-condition.ts'

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

/** Deletes a range, whatever its limit. */
export function compileDeleteRange(schema: string, table: Table, range: KeyRange): Statement {
  const parameters = new Parameters(table)
  const condition = rangeCondition(table, range, parameters)
  return {
    text: `delete from ${qualified(schema, table.name)}${condition}`,
    values: parameters.values,
    table: table.name,
  }
}
