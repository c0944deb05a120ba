import { COMPARE } from '../database/compare-cells.ts'
import type { Row, Table } from '../database/table.ts'
import type { Bound, Reader } from '../database/transaction.ts'

/** Rows read at once. A guess. */
const PAGE_ROWS = 1_000

/** The columns of a key-value store. */
const KEY = 1

/** Rows of all partitions of a key-value store. */
export interface MergedRows {
  readonly reader: Reader
  readonly table: Table
  readonly partitions: readonly number[]
  readonly from: Bound | undefined
  readonly to: Bound | undefined
  readonly reverse: boolean
}

/** The committed rows of all partitions in the order of their keys; those of equal keys together, in an array. */
export async function* mergedRows(merged: MergedRows): AsyncGenerator<readonly Row[]> {
  const compare = comparatorOf(merged)
  const cursors = merged.partitions.map((partition) => rowsOf(merged, partition))
  const heads = await Promise.all(cursors.map(nextOf))
  for (;;) {
    const first = heads.reduce(
      (one, other) => (one && (!other || compare(one, other) <= 0) ? one : other),
      undefined,
    )
    if (!first) return
    const equal: Row[] = []
    for (const [index, head] of heads.entries()) {
      if (!head || compare(head, first) !== 0) continue
      equal.push(head)
      heads[index] = await nextOf(cursors[index]!)
    }
    yield equal
  }
}

async function* rowsOf(
  { reader, table, reverse, ...ends }: MergedRows,
  partition: number,
): AsyncGenerator<Row, undefined> {
  let { from, to } = ends
  for (;;) {
    const rows = await reader.range(table, {
      ...{ prefix: [partition], reverse, limit: PAGE_ROWS },
      ...(from && { from }),
      ...(to && { to }),
    })
    yield* rows
    if (rows.length < PAGE_ROWS) return
    const after = { cell: rows.at(-1)![KEY]!, inclusive: false }
    if (reverse) to = after
    else from = after
  }
}

async function nextOf(cursor: AsyncGenerator<Row, undefined>): Promise<Row | undefined> {
  return (await cursor.next()).value
}

function comparatorOf({ table, reverse }: MergedRows): (one: Row, other: Row) => number {
  const compare = COMPARE[table.columns[KEY]!.type]
  return (one, other) => (reverse ? -1 : 1) * compare(one[KEY]!, other[KEY]!)
}
