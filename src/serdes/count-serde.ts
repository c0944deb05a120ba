import type { Cell } from '../model/cell.ts'
import { describeValue } from './describe-value.ts'
import { checkSafeInteger, int64ToNumber, numberToInt64 } from './int64-bytes.ts'
import type { Serde } from './serde.ts'

/**
 * Counts: a `number` here, an int64 on the wire and in the column, so that Java's
 * `LongDeserializer` and SQL read them.
 *
 * Refuses, both ways, what a double does not hold exactly.
 */
export const countSerde: Serde<number> = Object.freeze({
  name: 'count',

  serialize(value: number): Uint8Array {
    if (typeof value !== 'number') throw new TypeError(`not a number but ${describeValue(value)}`)
    return numberToInt64(value)
  },

  deserialize: int64ToNumber,

  column: Object.freeze({
    type: 'int64',

    toCell(value: number): Cell {
      if (typeof value !== 'number') throw new TypeError(`not a number but ${describeValue(value)}`)
      checkSafeInteger(value)
      return value
    },

    fromCell(cell: Cell): number {
      if (typeof cell !== 'bigint' && typeof cell !== 'number') {
        throw new TypeError(`an int64 column gave ${describeValue(cell)}`)
      }
      const value = Number(cell)
      checkSafeInteger(value)
      return value
    },
  }),
})
