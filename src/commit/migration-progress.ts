import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import type { Cell, JsonValue } from '../model/cell.ts'
import { MIGRATIONS } from './system-tables.ts'

/** How far the migration of a store is. */
export interface MigrationProgress {
  readonly store: string
  readonly from: number
  readonly to: number
  /** Goes up with every transaction: whoever takes it from the number that was read has made that step. */
  readonly step: bigint
  /** `copying`: rows are copied to the new table · `dropping`: the new table is in place, the old one is still there. */
  readonly phase: 'copying' | 'dropping'
  /** Where the next rows are. */
  readonly partition: number
  /** The key of the last row copied, after its partition; `null` at the beginning of a partition. */
  readonly cursor: readonly Cell[] | null
  /** Copied so far. */
  readonly rows: bigint
}

/** Everything that is under way, of every store. */
export async function readMigrations(database: Database): Promise<MigrationProgress[]> {
  return (await database.range(MIGRATIONS, { prefix: [] })).map(toProgress)
}

/** One that is under way; `undefined` when it is over. */
export async function readMigration(
  database: Database,
  { store, to }: Pick<MigrationProgress, 'store' | 'to'>,
): Promise<MigrationProgress | undefined> {
  const [row] = await database.getMany(MIGRATIONS, { prefix: [], keys: [[store, to]] })
  return row && toProgress(row)
}

/** The row of a migration before its first step. */
export function firstRow(store: string, from: number, to: number): Row {
  return [store, to, from, 0n, 'copying', 0, null, 0n]
}

/** A cell of a key as JSON, which has neither bytes nor 64-bit integers nor infinity. */
export function cursorCell(cell: Cell): JsonValue {
  if (typeof cell === 'bigint') return { int64: String(cell) }
  if (typeof cell === 'number') return { number: String(cell) }
  if (cell instanceof Uint8Array) return { bytes: Buffer.from(cell).toString('base64') }
  return { cell: cell as JsonValue }
}

function fromCursorCell(json: JsonValue): Cell {
  const { int64, number, bytes, cell } = json as Record<string, JsonValue>
  if (int64 !== undefined) return BigInt(int64 as string)
  if (number !== undefined) return Number(number)
  if (bytes !== undefined) return Buffer.from(bytes as string, 'base64')
  return cell ?? null
}

function toProgress([
  store,
  to,
  from,
  step,
  phase,
  partition,
  cursor,
  rows,
]: Row): MigrationProgress {
  return {
    store: store as string,
    from: from as number,
    to: to as number,
    step: step as bigint,
    phase: phase as MigrationProgress['phase'],
    partition: partition as number,
    cursor: cursor === null ? null : (cursor as JsonValue[]).map(fromCursorCell),
    rows: rows as bigint,
  }
}
