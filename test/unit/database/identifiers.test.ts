import { expect, test } from '@jest/globals'
import { quote, shorten } from '../../../src/database/postgres/identifiers.ts'

test('a name of 63 bytes stays as it is', () => {
  expect(shorten('x'.repeat(63))).toBe('x'.repeat(63))
  expect(shorten('ä'.repeat(31))).toBe('ä'.repeat(31))
})

test('a longer name keeps its beginning, gets a hash, and fits', () => {
  const [first, second] = ['a', 'b'].map((end) => shorten('x'.repeat(63) + end))
  expect(first).toMatch(/^x{54}_[0-9a-f]{8}$/)
  expect(second).not.toBe(first)
})

test('no character is cut in two', () => {
  for (const character of ['ä', '€', '😀']) {
    const name = shorten(character.repeat(40))
    expect(name).toMatch(new RegExp(`^(${character})+_[0-9a-f]{8}$`, 'u'))
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
  }
})

test('quotes are doubled', () => {
  expect(quote('a "b"')).toBe('"a ""b"""')
})
