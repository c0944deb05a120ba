import type { Cell, CellType } from '../../../model/cell.ts'

/** Writes cells of one type in PostgreSQL's binary form; they were checked before (`cellProblem`). */
export interface ElementWriter {
  /** At least as many bytes as {@link write} will need. */
  maxBytes(cell: Cell): number
  /** Answers how many bytes it wrote. */
  write(buffer: Buffer, offset: number, cell: Cell): number
}

/** Below this length a loop over ASCII beats the call into C++. */
const SHORT_TEXT = 24

const TWO_32 = 2 ** 32
/** The halves of the largest int64: `infinity` as a time. */
const MAX_INT32 = 2 ** 31 - 1
const MAX_UINT32 = TWO_32 - 1
/** PostgreSQL counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000

const text: ElementWriter = {
  maxBytes: (cell) => (cell as string).length * 3,
  write: (buffer, offset, cell) => writeText(buffer, offset, cell as string),
}

/** The writer of each type. */
export const ELEMENT_WRITERS: Readonly<Record<CellType, ElementWriter>> = {
  boolean: fixed(1, (buffer, offset, cell) => buffer.writeUInt8(cell ? 1 : 0, offset)),
  bytes: {
    maxBytes: (cell) => (cell as Uint8Array).length,
    write: writeBytes,
  },
  double: fixed(8, (buffer, offset, cell) => buffer.writeDoubleBE(cell as number, offset)),
  int32: fixed(4, (buffer, offset, cell) => buffer.writeInt32BE(cell as number, offset)),
  int64: fixed(8, writeInt64),
  json: {
    maxBytes: (cell) => 1 + JSON.stringify(cell).length * 3,
    write: writeJson,
  },
  text,
  timestamp: fixed(8, (buffer, offset, cell) => writeTimestamp(buffer, offset, cell as number)),
}

function fixed(
  bytes: number,
  write: (buffer: Buffer, offset: number, cell: Cell) => void,
): ElementWriter {
  return {
    maxBytes: () => bytes,
    write: (buffer, offset, cell) => {
      write(buffer, offset, cell)
      return bytes
    },
  }
}

function writeText(buffer: Buffer, offset: number, value: string): number {
  if (value.length > SHORT_TEXT) return buffer.write(value, offset)
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code > 0x7f) return buffer.write(value, offset)
    buffer[offset + at] = code
  }
  return value.length
}

function writeBytes(buffer: Buffer, offset: number, cell: Cell): number {
  buffer.set(cell as Uint8Array, offset)
  return (cell as Uint8Array).length
}

function writeJson(buffer: Buffer, offset: number, cell: Cell): number {
  // The version of jsonb's binary form: 1, then the text.
  buffer[offset] = 1
  return 1 + buffer.write(JSON.stringify(cell), offset + 1)
}

function writeInt64(buffer: Buffer, offset: number, cell: Cell): void {
  if (typeof cell === 'bigint') buffer.writeBigInt64BE(cell, offset)
  else writeHalves(buffer, offset, Math.floor((cell as number) / TWO_32), cell as number)
}

/** In two halves: microseconds do not fit a double, and BigInts would have to be allocated. */
function writeTimestamp(buffer: Buffer, offset: number, ms: number): void {
  if (ms === Infinity) return writeHalves(buffer, offset, MAX_INT32, MAX_UINT32)
  const sinceEpoch = ms - POSTGRES_EPOCH_MS
  const high = Math.floor(sinceEpoch / TWO_32)
  const low = (sinceEpoch - high * TWO_32) * 1_000
  writeHalves(buffer, offset, high * 1_000 + Math.floor(low / TWO_32), low)
}

function writeHalves(buffer: Buffer, offset: number, high: number, low: number): void {
  buffer.writeInt32BE(high, offset)
  buffer.writeUInt32BE(low - Math.floor(low / TWO_32) * TWO_32, offset + 4)
}
