import type { Cell, CellType, JsonValue } from '../../model/cell.ts'

/** A cell as it is kept: nothing that a caller could change later. JSON as text, int64 always `bigint`. */
export function toStoredCell(type: CellType, cell: Cell): Cell {
  if (cell === null) return null
  if (type === 'bytes') return Buffer.from(cell as Uint8Array)
  if (type === 'int64') return BigInt(cell as bigint | number)
  return type === 'json' ? JSON.stringify(sortNames(cell as JsonValue)) : cell
}

/** A cell as it is given out, again one of the caller's own. */
export function fromStoredCell(type: CellType, stored: Cell): Cell {
  if (stored === null) return null
  if (type === 'bytes') return Buffer.from(stored as Uint8Array)
  return type === 'json' ? (JSON.parse(stored as string) as Cell) : stored
}

/** Two objects that differ in the order of their names are the same value, as in `jsonb`. */
function sortNames(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortNames)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sortNames(member)]),
  )
}
