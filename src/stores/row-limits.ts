import { StoreRefusedError } from '../errors/record-errors.ts'
import type { Cell } from '../model/cell.ts'
import { TIMESTAMP_MAX_MS } from '../model/timestamp.ts'

/**
 * All key columns together, in UTF-8 bytes. A btree entry of PostgreSQL holds 2,704, but only incompressible keys show
 * that: a fixed limit below it makes the same key work, or fail, on every database.
 */
export const KEY_BYTES_MAX = 2_500

/** Where `timestamptz` begins (PostgreSQL: 4714-11-24 BC). */
const TIME_MIN_MS = -210_866_803_200_000

/** @throws StoreRefusedError `STORE_REFUSED` when no database is sure to hold the key. */
export function checkKey(store: string, key: Cell): void {
  const bytes =
    typeof key === 'string' ? textBytes(key) : key instanceof Uint8Array ? key.length : 8
  if (bytes > KEY_BYTES_MAX) {
    throw new StoreRefusedError(store, `its key has ${bytes} bytes, the limit is ${KEY_BYTES_MAX}`)
  }
}

/** @throws StoreRefusedError `STORE_REFUSED` when the timestamp column cannot hold the time. */
export function checkTimestamp(store: string, timestamp: number): void {
  if (Number.isInteger(timestamp) && timestamp >= TIME_MIN_MS && timestamp <= TIMESTAMP_MAX_MS)
    return
  const reason = `its timestamp ${timestamp} is no whole number of milliseconds from ${TIME_MIN_MS} to ${TIMESTAMP_MAX_MS}`
  throw new StoreRefusedError(store, reason)
}

/** A time as a cell; beyond what databases hold it is the end of time. */
export function toTimeCell(time: number): number {
  return time > TIMESTAMP_MAX_MS ? Infinity : time
}

/** Counting is skipped where no encoding of that many UTF-16 units can be too long. */
function textBytes(text: string): number {
  return text.length * 3 <= KEY_BYTES_MAX ? text.length : Buffer.byteLength(text)
}
