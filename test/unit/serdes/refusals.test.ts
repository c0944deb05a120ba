import { expect, test } from '@jest/globals'
import { countSerde } from '../../../src/serdes/count-serde.ts'
import { keyColumnOf } from '../../../src/serdes/serde.ts'
import { serdes } from '../../../src/serdes/serdes.ts'

const { string, int64, double, json } = serdes

test.each(['\ud800', 'x\udc00', '\udc00\ud800'])(
  'a string with a lone surrogate has no bytes and no cell',
  (value) => {
    expect(() => string.serialize(value)).toThrow('lone surrogate')
    expect(() => string.column.toCell(value)).toThrow('lone surrogate')
  },
)

test('U+0000 has bytes but no place in a text column', () => {
  expect(string.serialize('\u0000')).toHaveLength(1)
  expect(() => string.column.toCell('a\u0000')).toThrow('U+0000')
})

test.each([
  ['a lone continuation byte', [0x80]],
  ['a truncated character', [0xe6, 0x97]],
  ['an overlong form', [0xc0, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['an invalid byte beside a real U+FFFD', [0xef, 0xbf, 0xbd, 0xff]],
])('%s is not UTF-8', (_, bytes) => {
  expect(() => string.deserialize(Uint8Array.from(bytes))).toThrow('not valid')
})

test.each([int64, double, countSerde])('$name needs eight bytes', (serde) => {
  for (const length of [0, 7, 9])
    expect(() => serde.deserialize(new Uint8Array(length))).toThrow(`${length} bytes`)
})

test.each([2 ** 53, -(2 ** 53), 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  '%s is no safe integer',
  (value) => {
    for (const serde of [int64, countSerde]) {
      expect(() => serde.serialize(value as never)).toThrow(RangeError)
      expect(() => serde.column.toCell(value as never)).toThrow(RangeError)
    }
  },
)

test('a count that a double does not hold is refused when it is read, too', () => {
  const bytes = int64.serialize(2n ** 53n)
  expect(() => countSerde.deserialize(bytes)).toThrow(RangeError)
  expect(() => countSerde.column.fromCell(2n ** 53n)).toThrow(RangeError)
})

test.each([2n ** 63n, -(2n ** 63n) - 1n])('%s is outside int64', (value) => {
  expect(() => int64.serialize(value)).toThrow(RangeError)
  expect(() => int64.column.toCell(value)).toThrow(RangeError)
})

test.each(['\u0000', 'a\u0000b', '\ud800', '\\\u0000'])(
  'a json column cannot hold every string; its bytes can',
  (value) => {
    const serde = json<unknown>()
    expect(() => serde.column.toCell({ value })).toThrow('U+0000 or a lone surrogate')
    expect(serde.deserialize(serde.serialize({ value }))).toEqual({ value })
  },
)

test.each(['\\u0000', '\\\\ud800', '😀', 'u0000'])(
  '%s only looks like one that it cannot',
  (value) => {
    expect(json<unknown>().column.toCell({ value })).toEqual({ value })
  },
)

test.each([undefined, () => 1, Symbol('x')])('%p has no JSON form', (value) => {
  expect(() => json<unknown>().serialize(value)).toThrow(TypeError)
})

test('a json cell is plain JSON that shares nothing with the value', () => {
  const value = { at: new Date(0), list: [1], none: undefined }
  const cell = json<typeof value>().column.toCell(value)
  expect(cell).toEqual({ at: '1970-01-01T00:00:00.000Z', list: [1] })
  expect((cell as { readonly list?: unknown }).list).not.toBe(value.list)
})

test('a json key is its exact text', () => {
  const column = keyColumnOf(json<unknown>())
  expect(column.type).toBe('text')
  expect(column.toCell({ b: 1, a: 2 })).toBe('{"b":1,"a":2}')
})
