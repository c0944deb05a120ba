import { RowRefusedError } from '../errors/database-errors.ts'
import type { Cell } from '../model/cell.ts'
import { cellProblem } from './cell-problem.ts'
import type { Column, Table } from './table.ts'

/**
 * Refuses what no adapter takes, before anything is sent: so that all of them refuse alike.
 * @throws RowRefusedError `ROW_REFUSED`
 */
export function checkCells(table: Table, column: Column, cells: readonly Cell[]): void {
  for (const cell of cells) {
    const problem = cell === null ? undefined : cellProblem(column.type, cell)
    if (problem) throw new RowRefusedError(table.name, `${column.name} ${problem}`)
  }
}
