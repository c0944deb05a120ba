import type { Cell, CellType } from '../model/cell.ts'
import { TIMESTAMP_MAX_MS } from '../model/timestamp.ts'

/** The first millisecond of 4714-11-24 BC: PostgreSQL counts days from there and has no earlier time. */
export const MIN_TIMESTAMP_MS = -210_866_803_200_000

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/** Why a cell that is not null cannot be stored in a column of this type, or `undefined` when it can. */
export function cellProblem(type: CellType, cell: Cell): string | undefined {
  return PROBLEM[type](cell)
}

const PROBLEM: Readonly<Record<CellType, (cell: Cell) => string | undefined>> = {
  boolean: (cell) => (typeof cell === 'boolean' ? undefined : 'is not a boolean'),
  bytes: (cell) => (cell instanceof Uint8Array ? undefined : 'is not a Uint8Array'),
  double: (cell) => (typeof cell === 'number' ? undefined : 'is not a number'),
  int32: (cell) => (cell === (Number(cell) | 0) ? undefined : 'is not a 32-bit integer'),
  int64: int64Problem,
  json: jsonProblem,
  text: (cell) => (typeof cell === 'string' ? textProblem(cell) : 'is not a string'),
  timestamp: timestampProblem,
}

function int64Problem(cell: Cell): string | undefined {
  if (typeof cell === 'number') {
    return Number.isSafeInteger(cell) ? undefined : 'is a number that is not a safe integer'
  }
  if (typeof cell !== 'bigint') return 'is not a bigint'
  return cell >= MIN_INT64 && cell <= MAX_INT64 ? undefined : 'is not a 64-bit integer'
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'holds U+0000, which PostgreSQL cannot store in a text'
  // Encoding a lone surrogate would silently turn it into U+FFFD: two keys could become one.
  return isWellFormed(text) ? undefined : 'holds a lone surrogate, which has no UTF-8 form'
}

function timestampProblem(cell: Cell): string | undefined {
  // The end of time, `infinity` in PostgreSQL: where Kafka Streams has Long.MAX_VALUE.
  if (cell === Infinity) return undefined
  if (!Number.isInteger(cell)) return 'is not a whole number of milliseconds'
  const isInRange = (cell as number) >= MIN_TIMESTAMP_MS && (cell as number) <= TIMESTAMP_MAX_MS
  return isInRange ? undefined : 'is not between 4714 BC and the year 275760'
}

/** `JSON.stringify` writes U+0000 and lone surrogates as escapes, the only ones that start with these digits. */
const REFUSED_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

function jsonProblem(cell: Cell): string | undefined {
  if (typeof cell === 'bigint' || cell instanceof Uint8Array) return 'is not a JSON value'
  const text = JSON.stringify(cell)
  if (!text.includes('\\u')) return undefined
  return REFUSED_ESCAPE.test(text) ? 'holds U+0000 or a lone surrogate in its JSON' : undefined
}

/** `String.prototype.isWellFormed` of ES2024, which every supported Node has and the ES2023 types do not. */
function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed()
}
