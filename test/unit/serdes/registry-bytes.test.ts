import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  decodeIndexes,
  encodeIndexes,
} from '../../../src/serdes/schema-registry/message-indexes.ts'
import {
  recordName,
  topicName,
  topicRecordName,
} from '../../../src/serdes/schema-registry/subject.ts'
import { frame, unframe } from '../../../src/serdes/schema-registry/wire-format.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe("Confluent's format", () => {
  test('is a zero, the id and the value', () => {
    expect(hex(frame(258, Uint8Array.of(7, 8)))).toBe('00000001020708')
  })

  test('comes back, from the middle of a larger buffer too', () => {
    const larger = Buffer.concat([Buffer.from('xx'), frame(5, Uint8Array.of(1))]).subarray(2)
    expect(unframe(larger)).toEqual({ id: 5, payload: Buffer.of(1) })
  })

  test.each([
    ['7b22', /2 bytes are too few/],
    ['7b22616263', /the first byte is 123, not 0/],
  ])('is not %s', (bytes, reason) => {
    expect(() => unframe(Buffer.from(bytes, 'hex'))).toThrow(reason)
  })
})

/** As Confluent's `MessageIndexes` in Java has them: `ByteUtils.writeVarint` of the count and of each. */
describe('message indexes', () => {
  test.each([
    [[0], '00'],
    [[1], '0202'],
    [[0, 0], '040000'],
    [[1, 2], '040204'],
    [[64], '028001'],
  ])('%j are %s', (indexes, bytes) => {
    expect(hex(encodeIndexes(indexes))).toBe(bytes)
  })

  test('come back, with what follows them', () => {
    const indexes = fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(indexes, fc.uint8Array(), (places, rest) => {
        const read = decodeIndexes(Buffer.concat([encodeIndexes(places), rest]))
        expect(read).toEqual({ indexes: places, message: Buffer.from(rest) })
      }),
    )
  })

  test.each(['', '02', '0280', 'ffffffffff01'])('are not %j', (bytes) => {
    expect(() => decodeIndexes(Buffer.from(bytes, 'hex'))).toThrow('broken')
  })
})

test('subjects are named as by the strategies of Confluent', () => {
  expect(topicName('orders', 'key')).toBe('orders-key')
  expect(recordName('shop.Order')).toBe('shop.Order')
  const strategy = topicRecordName('orders')
  expect(typeof strategy === 'function' && strategy('shop.Order')).toBe('orders-shop.Order')
})
