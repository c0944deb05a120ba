import type { Database } from '../database/database.ts'
import { keyOf } from '../database/key-of.ts'
import type { Row } from '../database/table.ts'
import type { Transaction, TransactionOptions } from '../database/transaction.ts'
import type { Cell, JsonValue } from '../model/cell.ts'
import type { Description } from './catalogue-entry.ts'
import { cursorCell, readMigration, type MigrationProgress } from './migration-progress.ts'
import { shadowOf, versionName, type RowMigration, type StoreMigration } from './store-migration.ts'
import { CATALOGUE, MIGRATIONS } from './system-tables.ts'

/** How many rows one transaction copies. */
export const ROWS_A_STEP = 1_000

/** A migration with a function over rows. */
export interface CopiedStore extends StoreMigration {
  readonly rows: RowMigration
}

/** Makes the table that rows are copied to; takes it away again when somebody else was done meanwhile. */
export async function makeShadow(database: Database, migration: CopiedStore): Promise<void> {
  const table = shadowOf(migration)
  await database.migrate([{ table, partitions: migration.partitions }], async () => undefined)
  const progress = await readMigration(database, { store: migration.store, to: migration.version })
  if (progress?.phase !== 'copying') await database.dropTable(table)
}

/**
 * Copies the next rows in one transaction, and answers how many; nothing when somebody else was first. The rows are read and
 * converted before it: nobody writes the old table any more, and no lock is held while a user's function runs.
 *
 * @throws MigrationError `MIGRATION_FAILED`
 */
export async function copyRows(
  database: Database,
  migration: CopiedStore,
  progress: MigrationProgress,
  bounds: TransactionOptions,
): Promise<number | undefined> {
  const piece = await nextPiece(database, migration, progress).catch(async (error: unknown) => {
    // Tables may have changed places under our hands: then what was read says nothing.
    if (await hasMoved(database, progress)) return undefined
    throw error
  })
  if (!piece) return undefined
  return database.transaction(async (transaction) => {
    if (!(await makeStep(transaction, progress, piece.set))) return undefined
    await transaction.upsertMany(shadowOf(migration), piece.rows)
    return piece.read
  }, bounds)
}

/** Puts the new table in the place of the old one, in one transaction; answers whether it was this call that did. */
export async function swapTables(
  database: Database,
  migration: CopiedStore,
  description: Description,
  progress: MigrationProgress,
  bounds: TransactionOptions,
): Promise<boolean> {
  const { store, table } = migration
  return database.transaction(async (transaction) => {
    if (!(await makeStep(transaction, progress, { phase: 'dropping' }))) return false
    await transaction.upsertMany(CATALOGUE, [['store', store, description]])
    await transaction.renameTable(table, versionName(store, progress.from))
    await transaction.renameTable(shadowOf(migration), store)
    return true
  }, bounds)
}

/** Drops the table of the version that was left behind; the migration is over. */
export async function dropOld(database: Database, progress: MigrationProgress): Promise<void> {
  const { store, from, to } = progress
  await database.dropTable({ name: versionName(store, from), columns: [], key: [] })
  await database.transaction((transaction) =>
    transaction.deleteMany(MIGRATIONS, { prefix: [], keys: [[store, to]] }),
  )
}

/** What one step writes. */
interface Piece {
  /** How many rows it was made of. */
  readonly read: number
  readonly rows: readonly Row[]
  readonly set: Readonly<Record<string, Cell>>
}

/** Rows that follow, of as many partitions as it takes. */
async function nextPiece(
  database: Database,
  { rows: migration, partitions }: CopiedStore,
  { partition: first, cursor: start, from, rows: copied }: MigrationProgress,
): Promise<Piece> {
  let [partition, cursor] = [first, start]
  const found: Row[] = []
  while (partition < partitions && found.length < ROWS_A_STEP) {
    const limit = ROWS_A_STEP - found.length
    const after = cursor ? { after: cursor } : {}
    const rows = await database.range(migration.table, { prefix: [partition], ...after, limit })
    found.push(...rows)
    if (rows.length < limit) [partition, cursor] = [partition + 1, null]
    else cursor = keyOf(migration.table, rows.at(-1)!).slice(1)
  }
  const set = { partition, cursor: cursor && (cursor.map(cursorCell) as JsonValue) }
  return {
    read: found.length,
    rows: found.map((row) => migration.convert(row, from)).filter((row) => row !== undefined),
    set: { ...set, rows: copied + BigInt(found.length) },
  }
}

/** Whoever takes the number of the step up makes it; everybody else has made none. */
async function makeStep(
  transaction: Transaction,
  { store, to, step }: MigrationProgress,
  set: Readonly<Record<string, Cell>>,
): Promise<boolean> {
  const where = { store, to_version: to, step }
  const made = await transaction.updateWhere(MIGRATIONS, [
    { where, set: { ...set, step: step + 1n } },
  ])
  return made === 1
}

async function hasMoved(database: Database, progress: MigrationProgress): Promise<boolean> {
  return (await readMigration(database, progress))?.step !== progress.step
}
