import type { Cell } from '../../../model/cell.ts'
import { checkCells } from '../../check-cells.ts'
import type { Column, Table } from '../../table.ts'
import { encodeArray, encodeCell } from '../codec/binary-parameter.ts'
import { COLUMN_TYPES } from '../codec/column-types.ts'

/**
 * Collects the parameters of one statement; each call answers the placeholder.
 * @throws RowRefusedError `ROW_REFUSED`, for a cell that no database takes
 */
export class Parameters {
  readonly values: (Buffer | null)[] = []
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  cell(column: Column, cell: Cell): string {
    checkCells(this.#table, column, [cell])
    const at = this.values.push(encodeCell(column.type, cell))
    return `$${at}::${COLUMN_TYPES[column.type].name}`
  }

  array(column: Column, cells: readonly Cell[]): string {
    checkCells(this.#table, column, cells)
    const at = this.values.push(encodeArray(column.type, cells))
    return `$${at}::${COLUMN_TYPES[column.type].name}[]`
  }

  /** `unnest(…)` of one array for each column, whose cells are taken from `rows` by position. */
  unnest(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
    const arrays = columns.map((column, at) => this.array(column, cellsAt(rows, at)))
    return `unnest(${arrays.join(', ')})`
  }
}

function cellsAt(rows: readonly (readonly Cell[])[], at: number): Cell[] {
  const cells = new Array<Cell>(rows.length)
  for (let row = 0; row < rows.length; row++) cells[row] = rows[row]?.[at] ?? null
  return cells
}
