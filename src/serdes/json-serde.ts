import type { Cell, JsonValue } from '../model/cell.ts'
import { describeValue } from './describe-value.ts'
import type { ColumnCodec, Serde } from './serde.ts'
import { stringSerde } from './string-serde.ts'

// JSON.stringify escapes lone surrogates and U+0000, so that only an escape can stand for one of
// them. An even number of backslashes before it makes it plain text.
const REFUSED_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/**
 * JSON. A value goes to a json column, where SQL sees inside it; a key is its exact text.
 *
 * What `JSON.stringify` makes of a value counts: a `Date` comes back as a string, an `undefined`
 * property not at all, `NaN` as null. Keys are equal when their texts are: `{ a, b }` and `{ b, a
 * }` are two keys, as they are two byte strings in Kafka. The type is a promise of the caller:
 * nothing checks what arrives against `T`.
 */
export function jsonSerde<T = JsonValue>(): Serde<T> {
  return json as Serde<T>
}

const valueColumn: ColumnCodec<unknown> = Object.freeze({
  type: 'json',

  toCell(value: unknown): Cell {
    const text = stringify(value)
    if (REFUSED_ESCAPE.test(text)) {
      throw new TypeError('a json column cannot hold U+0000 or a lone surrogate')
    }
    // Not the value itself: databases would differ in what they make of dates, and could share it
    // with its owner.
    return JSON.parse(text) as JsonValue
  },

  fromCell(cell: Cell): unknown {
    return cell
  },
})

const keyColumn: ColumnCodec<unknown> = Object.freeze({
  type: 'text',
  toCell: stringify,

  fromCell(cell: Cell): unknown {
    if (typeof cell !== 'string') throw new TypeError(`a text column gave ${describeValue(cell)}`)
    return JSON.parse(cell)
  },
})

const json: Serde<unknown> = Object.freeze({
  name: 'json',
  column: valueColumn,
  keyColumn,

  serialize(value: unknown): Uint8Array {
    return Buffer.from(stringify(value), 'utf8')
  },

  deserialize(bytes: Uint8Array): unknown {
    return JSON.parse(stringSerde.deserialize(bytes))
  },
})

function stringify(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError(`${describeValue(value)} has no JSON form`)
  return text
}
