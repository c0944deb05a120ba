import type { Cell } from '../model/cell.ts'
import type { ValueAndTimestamp } from './contract/key-value-store.ts'

/** One key of a store in memory: what a reader of the task sees, whether the database has it already or not. */
export interface CacheEntry<V> {
  readonly keyCell: Cell
  /** `undefined`: there is no such row. */
  current: ValueAndTimestamp<V> | undefined
  /** The unit that last wrote it; 0 once that unit is durable, or when it was only read. A dirty entry is never evicted. */
  dirtyIn: number
  /** The unit in which it was last read or written: what eviction goes by. */
  usedIn: number
  /** Estimated. */
  bytes: number
}

/** Object, map entry and timestamp, measured with a heap snapshot of 1,000,000 entries, rounded up. */
const ENTRY_OVERHEAD_BYTES = 200
/** A value whose size cannot be told without encoding it. A guess. */
const OBJECT_BYTES = 256

/** A row whose size nobody looks at. A guess. */
export const ROW_BYTES = ENTRY_OVERHEAD_BYTES + OBJECT_BYTES

/** Rough size of an entry in memory. @param value As it is stored, where that is known. */
export function entryBytes(keyCell: Cell, value: unknown): number {
  return ENTRY_OVERHEAD_BYTES + sizeOf(keyCell) + sizeOf(value)
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length * 2
  if (value instanceof Uint8Array) return value.length
  return typeof value === 'object' && value !== null ? OBJECT_BYTES : 8
}

/** A map key that is equal exactly when the cells are. */
export function cacheKey(cell: Cell): unknown {
  return cell instanceof Uint8Array
    ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString('latin1')
    : cell
}
