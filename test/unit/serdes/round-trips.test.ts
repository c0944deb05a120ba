import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Cell } from '../../../src/model/cell.ts'
import { countSerde } from '../../../src/serdes/count-serde.ts'
import { keyColumnOf, type Serde } from '../../../src/serdes/serde.ts'
import { serdes } from '../../../src/serdes/serdes.ts'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const text = fc.string({ unit: 'binary' })
const withoutNul = text.map((value) => value.replaceAll('\u0000', ''))

/** As it comes back: JSON has one zero only. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)

/** A serde, what bytes can hold, and what a column of SQL can. */
const cases: readonly (readonly [Serde<unknown>, fc.Arbitrary<unknown>, fc.Arbitrary<unknown>])[] =
  [
    [serdes.string, text, withoutNul],
    [serdes.int64, int64, int64],
    [countSerde, fc.maxSafeInteger(), fc.maxSafeInteger()],
    [serdes.double, fc.double(), fc.double()],
    [serdes.bytes, fc.uint8Array(), fc.uint8Array()],
    [serdes.json<unknown>(), json, json.map(withoutEscapedNul)],
  ] as readonly (readonly [Serde<unknown>, fc.Arbitrary<unknown>, fc.Arbitrary<unknown>])[]

test.each(cases.map(([serde, values]) => [serde.name, serde, values] as const))(
  '%s comes back from its bytes',
  (_, serde, values) => {
    fc.assert(
      fc.property(values, (value) => {
        // As clients deliver them: a view into something larger.
        const bytes = Buffer.concat([Buffer.of(1), serde.serialize(value), Buffer.of(2)]).subarray(
          1,
          -1,
        )
        expect(serde.deserialize(bytes)).toEqual(value)
        expect(serde.deserialize(new Uint8Array(bytes))).toEqual(value)
      }),
    )
  },
)

test.each(cases.map(([serde, , values]) => [serde.name, serde, values] as const))(
  '%s comes back from its columns',
  (_, serde, values) => {
    fc.assert(
      fc.property(values, (value) => {
        for (const column of [serde.column, keyColumnOf(serde)]) {
          const cell: Cell = column.toCell(value)
          expect(column.fromCell(cell)).toEqual(value)
        }
      }),
    )
  },
)

test.each(cases.map(([serde]) => [serde.name, serde] as const))(
  '%s refuses values of other types',
  (name, serde) => {
    if (name === 'json') return
    for (const wrong of [{}, Symbol('x'), true]) {
      expect(() => serde.serialize(wrong)).toThrow(TypeError)
      expect(() => serde.column.toCell(wrong)).toThrow(TypeError)
    }
  },
)

function withoutEscapedNul(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('\\u0000', ''))
}
