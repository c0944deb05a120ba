import type { Cell } from '../model/cell.ts'
import { describeValue } from './describe-value.ts'
import {
  bigintToInt64,
  checkInt64,
  checkSafeInteger,
  int64ToBigint,
  numberToInt64,
} from './int64-bytes.ts'
import type { Serde } from './serde.ts'

/**
 * Integers of 64 bits, big-endian, as Java's `LongSerializer` writes them; in an int64 column.
 *
 * Reading gives a `bigint`; writing takes safe integers of type `number` as well.
 */
export const int64Serde: Serde<bigint, bigint | number> = Object.freeze({
  name: 'int64',

  serialize(value: bigint | number): Uint8Array {
    if (typeof value === 'bigint') return bigintToInt64(value)
    if (typeof value === 'number') return numberToInt64(value)
    throw new TypeError(`not an integer but ${describeValue(value)}`)
  },

  deserialize: int64ToBigint,

  column: Object.freeze({
    type: 'int64',

    toCell(value: bigint | number): Cell {
      if (typeof value === 'number') checkSafeInteger(value)
      else if (typeof value === 'bigint') checkInt64(value)
      else throw new TypeError(`not an integer but ${describeValue(value)}`)
      return value
    },

    fromCell(cell: Cell): bigint {
      if (typeof cell === 'bigint') return cell
      if (typeof cell === 'number') return BigInt(cell)
      throw new TypeError(`an int64 column gave ${describeValue(cell)}`)
    },
  }),
})
