import type { Cell } from '../../model/cell.ts'
import type { Column } from '../table.ts'
import { COMPARE } from '../compare-cells.ts'

/** Orders lists of cells. */
export type ColumnOrder = (a: readonly Cell[], b: readonly Cell[]) => number

/** The order of these columns; only those that both lists have count, so that a prefix equals every list that begins with it. */
export function createOrder(columns: readonly Column[]): ColumnOrder {
  const compare = columns.map(({ type }) => COMPARE[type])
  return (a, b) => {
    const length = Math.min(a.length, b.length)
    for (let at = 0; at < length; at++) {
      const order = compare[at]!(a[at]!, b[at]!)
      if (order !== 0) return order
    }
    return 0
  }
}
