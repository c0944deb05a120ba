import type { Cell, CellType } from '../model/cell.ts'

/** Orders two cells of one type, neither of them null. */
export type CompareCells = (a: Cell, b: Cell) => number

/** The order of each type, as PostgreSQL has it. JSON is kept as text with sorted names, see the memory adapter's `stored-cell.ts`. */
export const COMPARE: Readonly<Record<CellType, CompareCells>> = {
  boolean: (a, b) => Number(a) - Number(b),
  bytes: (a, b) => Buffer.compare(a as Uint8Array, b as Uint8Array),
  double: (a, b) => compareDoubles(a as number, b as number),
  int32: (a, b) => (a as number) - (b as number),
  int64: (a, b) => (a === b ? 0 : (a as bigint) < (b as bigint) ? -1 : 1),
  json: (a, b) => compareText(a as string, b as string),
  text: (a, b) => compareText(a as string, b as string),
  timestamp: (a, b) => (a as number) - (b as number),
}

/** NaN is above everything and equals itself; −0 equals 0. */
function compareDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a === b ? 0 : a < b ? -1 : 1
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  const end = Math.min(a.length, b.length)
  for (let at = 0; at < end; at++) {
    const [unitOfA, unitOfB] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (unitOfA !== unitOfB) return utf8Rank(unitOfA) - utf8Rank(unitOfB)
  }
  return a.length - b.length
}

/**
 * UTF-16 puts surrogates, the halves of everything above U+FFFF, below U+E000 to U+FFFF; in UTF-8 they belong above.
 * This swaps the two blocks.
 */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
