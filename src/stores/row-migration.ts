import type { RowMigration } from '../commit/store-migration.ts'
import type { Row } from '../database/table.ts'
import { MigrationError } from '../errors/migration-error.ts'
import type { Cell } from '../model/cell.ts'
import type { MigratableStoreDefinition } from './contract/store-definition.ts'
import type { StoredRow } from './contract/store-migration.ts'
import { migratedColumns, type MigratedColumn, type MigratedColumns } from './migrated-columns.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import { storeTable } from './store-table.ts'
import { withBytes } from './table-suppress-buffer.ts'

/** How the rows of a store become those of its version; nothing where they stay as they are. */
export function rowMigration(store: MigratableStoreDefinition): RowMigration | undefined {
  const { version = 1, name } = store
  const columns = migratedColumns(store)
  const { values } = columns
  if (values.every(({ migrate }) => !migrate)) return undefined
  const read = new Map(values.map(({ field, serde, migrate }) => [field, migrate?.value ?? serde]))
  const before = { ...store, ...Object.fromEntries(read) }
  const rows = new MigratedRows(store, columns)
  const convert = (row: Row, from: number) => {
    const converted = rows.convert(row, from)
    return store.kind === 'suppress-buffer' ? withBytes(store, converted!) : converted
  }
  return {
    serdes: Object.fromEntries([...read].map(([field, serde]) => [field, serde.name])),
    table: storeTable(before),
    convert: (row, from) => wrapped(() => convert(row, from), name, version),
  }
}

/** The rows of a store as a function of the user sees and changes them. */
class MigratedRows {
  readonly #store: MigratableStoreDefinition
  readonly #columns: MigratedColumns

  constructor(store: MigratableStoreDefinition, columns: MigratedColumns) {
    this.#store = store
    this.#columns = columns
  }

  /** @returns Nothing where the row is gone. */
  convert(row: Row, from: number): Row | undefined {
    const { values, keepsEmpty, isRetimed, time } = this.#columns
    const converted = [...row]
    let timestamp: number | undefined
    for (const column of values) {
      if (!column.migrate || (row[column.at] ?? null) === null) continue
      const migrated = this.#migrate(column, row, from)
      converted[column.at] = migrated ? this.#cells(column).valueCell(migrated.value) : null
      timestamp ??= migrated?.timestamp
    }
    if (!keepsEmpty && values.every(({ at }) => (converted[at] ?? null) === null)) return undefined
    if (timestamp !== undefined && timestamp !== row[time]) {
      if (!isRetimed) throw new TypeError('the times of such rows stay: they lie at them')
      checkTimestamp(this.#store.name, timestamp)
      converted[time] = timestamp
    }
    return converted
  }

  #migrate({ at, migrate }: MigratedColumn, row: Row, from: number) {
    const stored = this.#storedRow(row, migrate!.value.column.fromCell(row[at]!))
    return migrate!.migrate(stored as StoredRow<never, never>, from)
  }

  #storedRow(row: Row, value: unknown): StoredRow<unknown, unknown> {
    const { key, time, window, values } = this.#columns
    const bounds = window && { start: row[window[0]] as number, end: row[window[1]] as number }
    return {
      key: this.#cells(values[0]!).keyOf(row[key] as Cell),
      value,
      timestamp: row[time] as number,
      ...(bounds && { window: bounds }),
    }
  }

  #cells({ serde }: MigratedColumn): StoreCells<unknown, unknown> {
    const { name, key } = this.#store
    return new StoreCells({ name, key, value: serde })
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
