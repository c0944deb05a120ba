import type { Cell } from '../../model/cell.ts'
import { columnsOf } from '../columns-of.ts'
import type { Row } from '../table.ts'
import type { ConditionalUpdate } from '../transaction.ts'
import type { Changes } from './changes.ts'
import { COMPARE } from '../compare-cells.ts'
import type { Entry, MemoryTable } from './memory-table.ts'

/** A cell by its place in a row. */
interface CellAt {
  readonly at: number
  readonly cell: Cell
}

/** A {@link ConditionalUpdate} against one table. */
export class TableUpdate {
  readonly #table: MemoryTable
  readonly #where: readonly CellAt[]
  readonly #set: readonly CellAt[]

  constructor(table: MemoryTable, { where, set }: ConditionalUpdate) {
    this.#table = table
    this.#where = cellsAt(table, where)
    this.#set = cellsAt(table, set)
  }

  /** The entries that match now; found by key as far as `where` names the key's leading columns. */
  matching(changes: Changes): Entry[] {
    const prefix: Cell[] = []
    for (const name of this.#table.table.key) {
      const named = this.#where.find(({ at }) => this.#table.table.columns[at]?.name === name)
      if (!named || named.cell === null) break
      prefix.push(named.cell)
    }
    const candidates = changes.within(this.#table, (key) => this.#table.compareKeys(key, prefix))
    return candidates.filter((entry) => this.matches(entry))
  }

  matches({ row }: Entry): boolean {
    return this.#where.every(({ at, cell }) => this.#equal(at, row[at] ?? null, cell))
  }

  apply(row: Row): Row {
    const updated = [...row]
    for (const { at, cell } of this.#set) updated[at] = cell
    return updated
  }

  #equal(at: number, a: Cell, b: Cell): boolean {
    const column = this.#table.table.columns[at]
    if (a === null || b === null || !column) return a === b
    return COMPARE[column.type](a, b) === 0
  }
}

function cellsAt(table: MemoryTable, cells: Readonly<Record<string, Cell>>): CellAt[] {
  return columnsOf(table.table, Object.keys(cells)).map((column) => ({
    at: table.table.columns.indexOf(column),
    cell: table.toCell(column, cells[column.name] ?? null),
  }))
}
