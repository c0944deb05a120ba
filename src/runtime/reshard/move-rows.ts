import type { Claim } from '../../commit/claim.ts'
import type { CommitBounds } from '../../commit/commit-bounds.ts'
import { ROWS_A_STEP } from '../../commit/migrate-rows.ts'
import { moveRows, type MovedRows } from '../../commit/reshard.ts'
import type { Database } from '../../database/database.ts'
import { keyOf } from '../../database/key-of.ts'
import type { Row, Table } from '../../database/table.ts'
import type { Cell } from '../../model/cell.ts'
import { whenReadable } from '../../serdes/when-readable.ts'
import type { PlacedRows } from './placed-rows.ts'

/** The rows of one partition. */
export interface RowsOfPartition {
  readonly rows: PlacedRows
  readonly partition: number
}

/** @throws ReshardError `RESHARD_REFUSED` for a row that is not where its key belongs: nobody could say where it belongs then. */
export async function checkRows(
  database: Database,
  { rows, partition }: RowsOfPartition,
): Promise<void> {
  for await (const page of pagesOf(database, rows.table, rows.prefixOf(partition)))
    await whenReadable(() => page.forEach((row) => rows.check(row, partition)))
}

/**
 * Moves rows to where they belong, so many in a transaction, and answers how many were. Rows that were moved already stay, so that
 * it may be begun again at any time.
 * @param claim Of the task whose rows they were.
 */
export async function moveAll(
  { database, bounds }: { readonly database: Database; readonly bounds: CommitBounds },
  claim: Claim,
  { rows, partition }: RowsOfPartition,
): Promise<number> {
  let count = 0
  for await (const page of pagesOf(database, rows.table, rows.prefixOf(partition))) {
    const moved = await whenReadable(() => changesOf(page, rows, partition))
    if (moved.upserts.length > 0) await moveRows(database, claim, moved, bounds.claim)
    count += moved.upserts.length
  }
  return count
}

function changesOf(page: readonly Row[], rows: PlacedRows, partition: number): MovedRows {
  const changed = page
    .map((row) => ({ row, moved: rows.moved(row) }))
    .filter(({ row, moved }) => row !== moved)
  const gone = changed.filter(({ row, moved }) => row[0] !== moved[0])
  return {
    table: rows.table,
    deletes: {
      prefix: [rows.prefixOf(partition)],
      keys: gone.map(({ row }) => keyOf(rows.table, row).slice(1)),
    },
    upserts: changed.map(({ moved }) => moved),
  }
}

/** Rows whose first cell is that, in the order of their keys; what is written behind the page at hand is seen. */
async function* pagesOf(
  database: Database,
  table: Table,
  prefix: Cell,
): AsyncGenerator<readonly Row[]> {
  for (let after: readonly Cell[] | undefined; ;) {
    const behind = after ? { after } : {}
    const page = await database.range(table, { prefix: [prefix], ...behind, limit: ROWS_A_STEP })
    yield page
    if (page.length < ROWS_A_STEP) return
    after = keyOf(table, page.at(-1)!).slice(1)
  }
}
