import { expect, test } from '@jest/globals'
import { countSerde } from '../../../src/serdes/count-serde.ts'
import { serdes } from '../../../src/serdes/serdes.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

/** All bytes here were printed by the serializers of Kafka 4.3.1. */
test.each<[bigint, string]>([
  [0n, '0000000000000000'],
  [1n, '0000000000000001'],
  [-1n, 'ffffffffffffffff'],
  [255n, '00000000000000ff'],
  [4294967296n, '0000000100000000'],
  [-4294967297n, 'fffffffeffffffff'],
  [9007199254740991n, '001fffffffffffff'],
  [-9007199254740991n, 'ffe0000000000001'],
  [9223372036854775807n, '7fffffffffffffff'],
  [-9223372036854775808n, '8000000000000000'],
])('int64 %s has the bytes of LongSerializer', (value, bytes) => {
  expect(hex(serdes.int64.serialize(value))).toBe(bytes)
  expect(serdes.int64.deserialize(unhex(bytes))).toBe(value)
  const number = Number(value)
  if (!Number.isSafeInteger(number)) return
  expect(hex(serdes.int64.serialize(number))).toBe(bytes)
  expect(hex(countSerde.serialize(number))).toBe(bytes)
  expect(countSerde.deserialize(unhex(bytes))).toBe(number)
})

test.each<[number, string]>([
  [0, '0000000000000000'],
  [-0, '8000000000000000'],
  [1.5, '3ff8000000000000'],
  [-2.25, 'c002000000000000'],
  [Math.PI, '400921fb54442d18'],
  [Number.MIN_VALUE, '0000000000000001'],
  [Number.MAX_VALUE, '7fefffffffffffff'],
  [Number.NaN, '7ff8000000000000'],
  [Number.POSITIVE_INFINITY, '7ff0000000000000'],
  [Number.NEGATIVE_INFINITY, 'fff0000000000000'],
])('double %s has the bytes of DoubleSerializer', (value, bytes) => {
  expect(hex(serdes.double.serialize(value))).toBe(bytes)
  expect(serdes.double.deserialize(unhex(bytes))).toBe(value)
})

test.each<[string, string]>([
  ['', ''],
  ['abc', '616263'],
  ['äöü', 'c3a4c3b6c3bc'],
  ['日本語', 'e697a5e69cace8aa9e'],
  ['😀', 'f09f9880'],
  ['\uFEFFx', 'efbbbf78'],
  ['\u0000', '00'],
  ['\uFFFD', 'efbfbd'],
])("string '%s' has the bytes of StringSerializer", (value, bytes) => {
  expect(hex(serdes.string.serialize(value))).toBe(bytes)
  expect(serdes.string.deserialize(unhex(bytes))).toBe(value)
})
