import type { Cell, CellType } from '../../../model/cell.ts'
import type { Row, Table } from '../../table.ts'
import { parseTimestamp } from './timestamp-text.ts'

/** A row as it comes over the wire, in text form, in the order of the table's columns. */
export type WireRow = (string | null)[]

const DECODE: Readonly<Record<CellType, (text: string) => Cell>> = {
  boolean: (text) => text === 't',
  bytes: (text) => Buffer.from(text.slice('\\x'.length), 'hex'),
  double: Number,
  int32: Number,
  int64: BigInt,
  json: (text) => JSON.parse(text) as Cell,
  text: (text) => text,
  timestamp: parseTimestamp,
}

/** Turns wire rows into rows, in place: the arrays that `pg` made are ours, and a copy of 20,000 of them is not free. */
export function decodeRows(table: Table, wireRows: WireRow[]): Row[] {
  const rows: Cell[][] = wireRows
  table.columns.forEach(({ type }, at) => {
    if (type !== 'text') decodeColumn(rows, at, DECODE[type])
  })
  return rows
}

function decodeColumn(rows: Cell[][], at: number, decode: (text: string) => Cell): void {
  for (const row of rows) {
    const text = row[at] as string | null
    if (text !== null) row[at] = decode(text)
  }
}

/** Leaves every value as text, whatever parsers the application has put into `pg`'s global table. */
export const WIRE_TYPES = { getTypeParser: () => (text: unknown) => text }
