import type { Column } from '../database/table.ts'
import type { Cell } from '../model/cell.ts'
import type { RecordOrigin } from '../model/record.ts'
import { POSITION_COLUMNS, positionCells, positionOf } from './position-cells.ts'

/** Columns that say what a record came from: where, and the bytes that were read there, where they are kept. */
export const ORIGIN_COLUMNS: readonly Column[] = [
  ...POSITION_COLUMNS,
  { name: 'source_key', type: 'bytes', nullable: true },
  { name: 'source_value', type: 'bytes', nullable: true },
]

/** The cells of {@link ORIGIN_COLUMNS}. */
export function originCells(origin: RecordOrigin | undefined): readonly Cell[] {
  const { key = null, value = null } = origin?.source ?? {}
  return [...positionCells(origin?.position), key, value]
}

/** The origin of such cells. */
export function originOf(cells: readonly Cell[]): RecordOrigin | undefined {
  const position = positionOf(cells)
  const [key, value] = cells.slice(POSITION_COLUMNS.length) as (Uint8Array | null)[]
  return position && { position, source: { key: key ?? null, value: value ?? null } }
}
