import { DatabaseFailedError } from '../../../errors/database-errors.ts'
import type { TableToMigrate } from '../../database.ts'
import type { Column, Table } from '../../table.ts'
import { COLUMN_TYPES } from '../codec/column-types.ts'
import { qualified, quote, quoteList, shorten } from '../identifiers.ts'
import type { ExistingTable } from './existing-tables.ts'
import { missingChildren } from './partitions.ts'
import { storageOf } from './storage.ts'

/** The statements that make what is missing, in order. */
export function missingStatements(
  schema: string,
  existing: ReadonlyMap<string, ExistingTable> | undefined,
  tables: readonly TableToMigrate[],
): string[] {
  const ofTables = tables.flatMap(({ table, partitions = 0 }) => {
    const found = existing?.get(shorten(table.name))
    const ofTable = found ? missingColumns(schema, table, found) : createTable(schema, table)
    return [...ofTable, ...missingChildren(schema, table, partitions, found)]
  })
  return existing ? ofTables : [`create schema if not exists ${quote(schema)}`, ...ofTables]
}

function createTable(schema: string, table: Table): string[] {
  const name = qualified(schema, table.name)
  const columns = table.columns.map(columnDefinition).join(', ')
  const partitionBy = table.partitioned ? ` partition by list (${quote('partition')})` : ''
  const storage = table.partitioned ? '' : storageOf(table)
  const key = `primary key (${quoteList(table.key)})`
  return [
    `create table if not exists ${name} (${columns}, ${key})${partitionBy}${storage}`,
    ...table.columns.flatMap((column) => setStorage(name, column)),
    ...createIndex(name, table),
  ]
}

/** Children made later inherit it. */
function createIndex(table: string, { name, index }: Table): string[] {
  if (!index) return []
  return [`create index ${quote(`${name}_${index.join('_')}`)} on ${table} (${quoteList(index)})`]
}

/** Bytes are compressed already, or not worth it. Children made later inherit this. */
function setStorage(table: string, { name, type }: Column): string[] {
  return type === 'bytes'
    ? [`alter table ${table} alter column ${quote(name)} set storage external`]
    : []
}

function columnDefinition({ name, type, nullable }: Column): string {
  const collation = type === 'text' ? ' collate "C"' : ''
  return `${quote(name)} ${COLUMN_TYPES[type].name}${collation}${nullable ? '' : ' not null'}`
}

function missingColumns(schema: string, table: Table, found: ExistingTable): string[] {
  const name = qualified(schema, table.name)
  return table.columns
    .filter((column) => !found.columns.has(shorten(column.name)))
    .flatMap((column) => {
      if (column.nullable) {
        return [
          `alter table ${name} add column ${columnDefinition(column)}`,
          ...setStorage(name, column),
        ]
      }
      throw new DatabaseFailedError(
        `table ${table.name} of schema ${schema} has no column ${column.name}`,
      )
    })
}
