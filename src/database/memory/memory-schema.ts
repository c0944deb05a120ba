import { DatabaseFailedError } from '../../errors/database-errors.ts'
import type { TableToMigrate } from '../database.ts'
import type { Table } from '../table.ts'
import { MemoryTable } from './memory-table.ts'
import { RowLocks } from './row-locks.ts'

/** The tables of one schema, shared by everything that has it open. */
export class MemorySchema {
  readonly locks = new RowLocks()
  readonly #tables = new Map<string, MemoryTable>()

  /** @throws DatabaseFailedError `DATABASE_FAILED` when it was never made */
  table({ name }: Table): MemoryTable {
    const table = this.#tables.get(name)
    if (!table) throw new DatabaseFailedError(`there is no table ${name}`)
    return table
  }

  /** Makes what is missing; what it answers takes new tables away again. */
  migrate(tables: readonly TableToMigrate[]): () => void {
    const before = new Map(this.#tables)
    for (const table of tables) this.#migrate(table)
    return () => {
      this.#tables.clear()
      for (const [name, table] of before) this.#tables.set(name, table)
    }
  }

  rename(table: Table, name: string): void {
    const renamed = this.table(table)
    if (this.#tables.has(name)) throw new DatabaseFailedError(`there is a table ${name} already`)
    this.#tables.delete(table.name)
    this.#tables.set(name, renamed.withColumns({ ...renamed.table, name }, 0))
  }

  drop({ name }: Table): void {
    this.#tables.delete(name)
  }

  #migrate({ table, partitions = 0 }: TableToMigrate): void {
    const existing = this.#tables.get(table.name)
    if (!existing) this.#tables.set(table.name, new MemoryTable(table, partitions))
    else if (hasColumns(existing.table, table)) existing.widen(partitions)
    else this.#tables.set(table.name, existing.withColumns(table, partitions))
  }
}

function hasColumns(existing: Table, wanted: Table): boolean {
  const missing = wanted.columns.filter(
    ({ name }) => !existing.columns.some((column) => column.name === name),
  )
  const impossible = missing.find(({ nullable }) => !nullable)
  if (!impossible) return missing.length === 0
  throw new DatabaseFailedError(`table ${wanted.name} has no column ${impossible.name}`)
}
