import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { SortedEntries } from '../../../src/model/sorted-entries.ts'

const compare = ([a]: readonly unknown[], [b]: readonly unknown[]) => Number(a) - Number(b)

test('entries are those of a map, in the order of their keys', () => {
  const change = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean())
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120, size: 'max' }), (changes) => {
      const entries = new SortedEntries<readonly number[], { key: number[]; at: number }>(compare)
      const model = new Map<number, number>()
      changes.forEach(([key, isSet], at) => {
        if (isSet) entries.set({ key: [key], at })
        else entries.delete([key])
        if (isSet) model.set(key, at)
        else model.delete(key)
        expect(entries.get([key])?.at).toBe(model.get(key))
      })
      const expected = [...model].toSorted(([a], [b]) => a - b)
      expect(entries.within(() => 0).map(({ key, at }) => [key[0], at])).toEqual(expected)
      for (const key of [undefined, 7, 20]) {
        const next = expected.find(([other]) => key === undefined || other > key)
        expect(entries.after(key === undefined ? undefined : [key])?.at).toBe(next?.[1])
      }
    }),
  )
})

test('thousands of entries, set in any order and deleted again, give each range', () => {
  const entries = new SortedEntries<readonly number[], { key: number[] }>(compare)
  const count = 5_000
  for (let at = 0; at < count; at++) entries.set({ key: [(at * 1_009) % count] })
  const place = (from: number, to: number) => (key: readonly unknown[]) => {
    const number = Number(key[0])
    return number < from ? -1 : number >= to ? 1 : 0
  }
  expect(entries.within(() => 0).map(({ key }) => key[0])).toEqual(
    Array.from({ length: count }, (_, at) => at),
  )
  expect(entries.within(place(511, 514)).map(({ key }) => key[0])).toEqual([511, 512, 513])
  for (let at = 0; at < count; at += 2) entries.delete([at])
  expect(entries.within(place(100, 105)).map(({ key }) => key[0])).toEqual([101, 103])
  for (let at = 1; at < count; at += 2) entries.delete([at])
  expect(entries.within(() => 0)).toEqual([])
  expect(entries.get([1])).toBeUndefined()
})
