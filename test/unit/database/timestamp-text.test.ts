import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseTimestamp } from '../../../src/database/postgres/codec/timestamp-text.ts'
import { DatabaseFailedError } from '../../../src/errors/database-errors.ts'

test.each([
  ['1970-01-01 00:00:00+00', 0],
  ['1969-12-31 23:59:59.999+00', -1],
  ['2024-02-29 12:34:56.7+00', Date.UTC(2024, 1, 29, 12, 34, 56, 700)],
  ['2024-02-29 12:34:56.123456+00', Date.UTC(2024, 1, 29, 12, 34, 56, 123)],
  ['2024-02-29 18:04:56+05:30', Date.UTC(2024, 1, 29, 12, 34, 56)],
  ['1890-01-01 00:53:28+00:53:28', Date.UTC(1890, 0, 1)],
  ['2024-02-28 21:34:56-15', Date.UTC(2024, 1, 29, 12, 34, 56)],
  ['275760-09-13 00:00:00+00', 8_640_000_000_000_000],
  ['0001-12-31 23:59:59.999+00 BC', Date.parse('0000-12-31T23:59:59.999Z')],
  ['4714-11-24 00:00:00+00 BC', -210_866_803_200_000],
])('%s is read', (text, ms) => {
  expect(parseTimestamp(text)).toBe(ms)
})

test('every time that a Date can write is read back', () => {
  const date = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(date, (when) => {
      expect(parseTimestamp(when.toISOString().replace('T', ' ').replace('Z', '+00'))).toBe(
        when.getTime(),
      )
    }),
  )
})

test('infinity is the end of a window that never closes', () => {
  expect(parseTimestamp('infinity')).toBe(Infinity)
})

test.each(['-infinity', '29.02.2024 12:34:56 UTC', ''])('%s is not', (text) => {
  expect(() => parseTimestamp(text)).toThrow(DatabaseFailedError)
})
