import { describe, expect, test } from '@jest/globals'
import { compareCounts } from '../../integrity/checks/compare-counts.mjs'

const expected = new Map([
  ['a', 3],
  ['b', 1],
])

describe('compareCounts', () => {
  test('has nothing to say about the exact table', () => {
    const rows = [
      { key: 'b', partition: 1, value: 1 },
      { key: 'a', partition: 0, value: 3 },
    ]
    expect(compareCounts(expected, rows)).toEqual([])
  })

  test('names what was lost, a missing word included', () => {
    expect(compareCounts(expected, [{ key: 'a', partition: 0, value: 1 }])).toEqual([
      "'a' is 1, not 3: 2 lost",
      "'b' is 0, not 1: 1 lost",
    ])
  })

  test('names what was counted twice, and what was never sent', () => {
    const rows = [
      { key: 'a', partition: 0, value: 5 },
      { key: 'b', partition: 0, value: 1 },
      { key: 'c', partition: 0, value: 1 },
    ]
    expect(compareCounts(expected, rows)).toEqual([
      "'a' is 5, not 3: 2 counted twice",
      "'c' is counted 1 times and was never sent",
    ])
  })

  test('names a key that two partitions have', () => {
    const rows = [
      { key: 'a', partition: 0, value: 2 },
      { key: 'b', partition: 0, value: 1 },
      { key: 'a', partition: 4, value: 3 },
    ]
    expect(compareCounts(expected, rows)).toEqual(["'a' is in the partitions 0 and 4"])
  })
})
