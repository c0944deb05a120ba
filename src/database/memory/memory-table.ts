import { RowRefusedError } from '../../errors/database-errors.ts'
import type { Cell } from '../../model/cell.ts'
import { checkCells } from '../check-cells.ts'
import { columnsOf } from '../columns-of.ts'
import type { Column, Row, Table } from '../table.ts'
import { createOrder, type ColumnOrder } from './column-order.ts'
import { SortedEntries, type Keyed } from '../../model/sorted-entries.ts'
import { fromStoredCell, toStoredCell } from './stored-cell.ts'

/** A row as it is kept, with its key. */
export interface Entry extends Keyed<readonly Cell[]> {
  readonly row: Row
}

/** One table: its committed rows, and how rows become entries and back. */
export class MemoryTable {
  readonly table: Table
  readonly committed: SortedEntries<readonly Cell[], Entry>
  /** Orders keys. */
  readonly compareKeys: ColumnOrder
  #partitions: number
  readonly #keyAt: readonly number[]

  constructor(table: Table, partitions: number) {
    this.table = table
    this.#partitions = partitions
    this.compareKeys = createOrder(columnsOf(table, table.key))
    this.#keyAt = table.key.map((name) => table.columns.findIndex((column) => column.name === name))
    this.committed = new SortedEntries(this.compareKeys)
  }

  /** Allows partitions up to this number; never fewer than before. */
  widen(partitions: number): void {
    this.#partitions = Math.max(partitions, this.#partitions)
  }

  /** The same rows with these columns; those that are new hold null. */
  withColumns(table: Table, partitions: number): MemoryTable {
    const widened = new MemoryTable(table, Math.max(partitions, this.#partitions))
    const from = table.columns.map(({ name }) =>
      this.table.columns.findIndex((column) => column.name === name),
    )
    for (const { key, row } of this.committed.within(() => 0)) {
      widened.committed.set({ key, row: from.map((at) => row[at] ?? null) })
    }
    return widened
  }

  /** @throws RowRefusedError `ROW_REFUSED` */
  toEntry(row: Row): Entry {
    return this.toEntryOfStored(
      this.table.columns.map((column, at) => this.toCell(column, row[at] ?? null)),
    )
  }

  /** @throws RowRefusedError `ROW_REFUSED`, for a null or a partition that cannot be */
  toEntryOfStored(row: Row): Entry {
    const key = this.#keyAt.map((at) => row[at] as Cell)
    this.#checkNulls(row)
    if (this.table.partitioned && !this.#hasPartition(Number(key[0]))) {
      throw new RowRefusedError(this.table.name, `there is no partition ${asText(key[0] ?? null)}`)
    }
    return { key, row }
  }

  /** The name of the lock on this key. No text holds U+0000, so that no two keys share one. */
  lockName(key: readonly Cell[]): string {
    const cells = key.map((cell) =>
      cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : asText(cell),
    )
    return [this.table.name, ...cells].join('\0')
  }

  toRow({ row }: Entry): Row {
    return this.table.columns.map(({ type }, at) => fromStoredCell(type, row[at] ?? null))
  }

  /** Cells of the first columns of the key, or of others. */
  toKey(cells: readonly Cell[], names = this.table.key): Cell[] {
    const columns = columnsOf(this.table, names)
    return cells.map((cell, at) => this.toCell(columns[at] as Column, cell))
  }

  toCell(column: Column, cell: Cell): Cell {
    checkCells(this.table, column, [cell])
    return toStoredCell(column.type, cell)
  }

  #hasPartition(partition: number): boolean {
    return partition >= 0 && partition < this.#partitions
  }

  #checkNulls(stored: Row): void {
    const missing = this.table.columns.find(({ nullable }, at) => !nullable && stored[at] === null)
    if (missing) throw new RowRefusedError(this.table.name, `${missing.name} is null`)
  }
}

function asText(cell: Cell): string {
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}
