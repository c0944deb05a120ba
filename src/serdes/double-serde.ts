import type { Cell } from '../model/cell.ts'
import { describeValue } from './describe-value.ts'
import { checkEightBytes } from './int64-bytes.ts'
import type { Serde } from './serde.ts'

const DOUBLE_BYTES = 8

/**
 * Numbers as IEEE 754 doubles, big-endian, as Java's `DoubleSerializer` writes them; in a double
 * column.
 */
export const doubleSerde: Serde<number> = Object.freeze({
  name: 'double',

  serialize(value: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(DOUBLE_BYTES)
    // Java writes one NaN only (doubleToLongBits); V8 keeps whatever NaN an engine-made value
    // happens to be.
    bytes.writeDoubleBE(Number.isNaN(checked(value)) ? NaN : value, 0)
    return bytes
  },

  deserialize(bytes: Uint8Array): number {
    checkEightBytes(bytes)
    return new DataView(bytes.buffer, bytes.byteOffset, DOUBLE_BYTES).getFloat64(0)
  },

  column: Object.freeze({
    type: 'double',

    toCell(value: number): Cell {
      return checked(value)
    },

    fromCell(cell: Cell): number {
      if (typeof cell !== 'number')
        throw new TypeError(`a double column gave ${describeValue(cell)}`)
      return cell
    },
  }),
})

function checked(value: number): number {
  if (typeof value !== 'number') throw new TypeError(`not a number but ${describeValue(value)}`)
  return value
}
