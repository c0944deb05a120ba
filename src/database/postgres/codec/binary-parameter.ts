import type { Cell, CellType } from '../../../model/cell.ts'
import { COLUMN_TYPES } from './column-types.ts'
import { ELEMENT_WRITERS } from './element-writers.ts'

/** Dimensions, "has nulls", element type, length, lower bound: five words before the elements. */
const ARRAY_HEADER_BYTES = 20
const NULL_LENGTH = -1

/** One cell as a parameter in PostgreSQL's binary form, which `pg` sends untouched because it is a Buffer. */
export function encodeCell(type: CellType, cell: Cell): Buffer | null {
  if (cell === null) return null
  const writer = ELEMENT_WRITERS[type]
  const buffer = Buffer.allocUnsafe(writer.maxBytes(cell))
  return buffer.subarray(0, writer.write(buffer, 0, cell))
}

/**
 * The cells of one column as one parameter, an array in PostgreSQL's binary form.
 *
 * Binary and not `{a,b,c}`: nothing needs escaping on this side or parsing on the other, bytes are not doubled by hex,
 * and times do not depend on the session's settings. 20,000 upserts of (int, text, bigint, timestamptz) were measured at
 * 119 ms with 9 ms of our own CPU; at 167 ms and 38 ms with the arrays of `pg`, 161 ms and 54 ms with our own array text.
 */
export function encodeArray(type: CellType, cells: readonly Cell[]): Buffer {
  const buffer = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + maxBytes(type, cells))
  const writer = ELEMENT_WRITERS[type]
  let offset = writeHeader(buffer, type, cells)
  for (const cell of cells) {
    const length = cell === null ? NULL_LENGTH : writer.write(buffer, offset + 4, cell)
    buffer.writeInt32BE(length, offset)
    offset += 4 + Math.max(length, 0)
  }
  return buffer.subarray(0, offset)
}

function maxBytes(type: CellType, cells: readonly Cell[]): number {
  const writer = ELEMENT_WRITERS[type]
  let bytes = 4 * cells.length
  for (const cell of cells) if (cell !== null) bytes += writer.maxBytes(cell)
  return bytes
}

function writeHeader(buffer: Buffer, type: CellType, cells: readonly Cell[]): number {
  let offset = buffer.writeInt32BE(1, 0)
  offset = buffer.writeInt32BE(cells.includes(null) ? 1 : 0, offset)
  offset = buffer.writeInt32BE(COLUMN_TYPES[type].oid, offset)
  offset = buffer.writeInt32BE(cells.length, offset)
  return buffer.writeInt32BE(1, offset)
}
