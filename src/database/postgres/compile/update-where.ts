import type { Cell } from '../../../model/cell.ts'
import { columnsOf } from '../../columns-of.ts'
import type { Column, Table } from '../../table.ts'
import type { ConditionalUpdate } from '../../transaction.ts'
import { qualified, quote } from '../identifiers.ts'
import type { Statement } from '../statement.ts'
import { Parameters } from './parameters.ts'

/**
 * Many conditional updates as one statement, which locks the rows in the order given.
 *
 * A row that another transaction changes while `locked` waits for it is read anew, and `where` is tested on what it has
 * become: an owner with an old epoch finds nothing (READ COMMITTED, "EvalPlanQual"). The outer statement joins by key and
 * not by `ctid`: its snapshot is older than that wait, and the row's new place would be invisible to it.
 */
export function compileUpdateWhere(
  schema: string,
  table: Table,
  updates: readonly [ConditionalUpdate, ...ConditionalUpdate[]],
): Statement {
  const parameters = new Parameters(table)
  const tested = columnsOf(table, Object.keys(updates[0].where))
  const set = columnsOf(table, Object.keys(updates[0].set))
  const rows = updates.map(({ where, set: cells }) => [...pick(tested, where), ...pick(set, cells)])
  const source = parameters.unnest([...tested, ...set], rows)
  const target = qualified(schema, table.name)
  return {
    text: `
      with wanted as (
        select * from ${source} with ordinality as given (${givenNames(tested, set)}, place)
      ), locked as (
        select wanted.*, ${table.key.map((name, at) => `t.${quote(name)} as key_${at}`).join(', ')}
        from wanted join ${target} t on ${tested.map((column, at) => equality(column, at, rows)).join(' and ') || 'true'}
        order by wanted.place
        for update of t
      )
      update ${target} t
      set ${set.map(({ name }, at) => `${quote(name)} = locked.set_${at}`).join(', ')}
      from locked
      where ${table.key.map((name, at) => `t.${quote(name)} = locked.key_${at}`).join(' and ')}`,
    values: parameters.values,
    table: table.name,
  }
}

function pick(columns: readonly Column[], cells: Readonly<Record<string, Cell>>): Cell[] {
  return columns.map(({ name }) => cells[name] ?? null)
}

function givenNames(tested: readonly Column[], set: readonly Column[]): string {
  return [...tested.map((_, at) => `tested_${at}`), ...set.map((_, at) => `set_${at}`)].join(', ')
}

/** A plain `=` wherever no null can be meant: `is not distinct from` uses neither an index nor a hash. */
function equality({ name }: Column, at: number, rows: readonly Cell[][]): string {
  const operator = rows.some((row) => row[at] === null) ? 'is not distinct from' : '='
  return `t.${quote(name)} ${operator} wanted.tested_${at}`
}
