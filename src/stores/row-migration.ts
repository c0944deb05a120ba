import type { RowMigration } from '../commit/store-migration.ts'
import type { Row } from '../database/table.ts'
import { MigrationError } from '../errors/migration-error.ts'
import type { Cell } from '../model/cell.ts'
import type { StoredRow } from './contract/store-migration.ts'
import type { ValueStoreDefinition } from './contract/store-definition.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import { storeTable } from './store-table.ts'

/** How the rows of a store become those of its version; nothing where they stay as they are. */
export function rowMigration(store: ValueStoreDefinition): RowMigration | undefined {
  const { migrate, version = 1, name } = store
  if (!migrate) return undefined
  const cells = new StoreCells<unknown, unknown>(store)
  const convert = (row: Row, from: number): Row | undefined => {
    const stored = toStoredRow(row, cells, (cell) => migrate.value.column.fromCell(cell))
    const migrated = migrate.migrate(stored as StoredRow<never, never>, from)
    if (!migrated) return undefined
    const { value, timestamp = stored.timestamp } = migrated
    checkTimestamp(name, timestamp)
    return [...row.slice(0, -2), cells.valueCell(value), timestamp]
  }
  return {
    serde: migrate.value.name,
    table: storeTable({ ...store, value: migrate.value }),
    convert: (row, from) => wrapped(() => convert(row, from), name, version),
  }
}

/** Partition and key come first, value and timestamp last, the times of windows and sessions in between. */
function toStoredRow(
  row: Row,
  cells: StoreCells<unknown, unknown>,
  valueOf: (cell: Cell) => unknown,
): StoredRow<unknown, unknown> {
  const [start, end] = row.slice(2, -2) as number[]
  return {
    key: cells.keyOf(row[1]!),
    value: valueOf(row.at(-2)!),
    timestamp: row.at(-1) as number,
    ...(start !== undefined && end !== undefined && { window: { start, end } }),
  }
}

function wrapped<T>(convert: () => T, store: string, version: number): T {
  try {
    return convert()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MigrationError(store, version, reason, { cause })
  }
}
