import type { Cell } from '../model/cell.ts'
import { describeValue } from './describe-value.ts'
import type { ColumnCodec } from './serde.ts'
import { isWellFormed } from './well-formed.ts'

/**
 * Strings as they are in a text column, which holds any but those with U+0000 or a lone surrogate.
 */
export const textColumn: ColumnCodec<string> = Object.freeze({
  type: 'text',

  toCell(value: string): Cell {
    if (typeof value !== 'string') throw new TypeError(`not a string but ${describeValue(value)}`)
    if (value.includes('\u0000')) throw new TypeError('a text column cannot hold U+0000')
    if (!isWellFormed(value)) throw new TypeError('a text column cannot hold a lone surrogate')
    return value
  },

  fromCell(cell: Cell): string {
    if (typeof cell !== 'string') throw new TypeError(`a text column gave ${describeValue(cell)}`)
    return cell
  },
})
