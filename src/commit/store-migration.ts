import type { Row, Table } from '../database/table.ts'
import type { TaskId } from '../model/task-id.ts'

/** The version of a store, and how rows of earlier ones become rows of this one. */
export interface StoreMigration {
  readonly store: string
  readonly version: number
  /** As it is from this version on. */
  readonly table: Table
  readonly partitions: number
  /** Whose rows are in the table. */
  readonly taskIds: readonly TaskId[]
  /** Absent: they stay as they are. */
  readonly rows?: RowMigration | undefined
}

/** A function over rows. */
export interface RowMigration {
  /** Names of the serdes that values of earlier versions are read with, by field of the store. */
  readonly serdes: Readonly<Record<string, string>>
  /** The table as an earlier version made it. */
  readonly table: Table
  /** @throws MigrationError `MIGRATION_FAILED` */
  convert(row: Row, from: number): Row | undefined
}

/** The table that rows of a version are copied to, until all of them are there. */
export function shadowOf({ store, version, table }: StoreMigration): Table {
  return { ...table, name: versionName(store, version) }
}

/** What a table is called while it does not have the name of its store. */
export function versionName(store: string, version: number): string {
  return `rowstream_${store}_v${version}`
}
