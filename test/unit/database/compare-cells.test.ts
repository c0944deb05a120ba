import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { COMPARE } from '../../../src/database/compare-cells.ts'

test('text is in the order of its UTF-8 bytes', () => {
  const unit = fc.constantFrom(
    'a',
    'b',
    '\u007f',
    '\u0080',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '😀',
    '\u{10ffff}',
  )
  const text = fc.string({ unit, maxLength: 4 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b))
      expect(Math.sign(COMPARE.text(a, b))).toBe(expected)
    }),
    { numRuns: 1_000 },
  )
})

test('NaN is above all doubles and equals itself, and both zeros are equal', () => {
  expect(COMPARE.double(NaN, NaN)).toBe(0)
  expect(COMPARE.double(NaN, Infinity)).toBe(1)
  expect(COMPARE.double(-Infinity, NaN)).toBe(-1)
  expect(COMPARE.double(-0, 0)).toBe(0)
})
