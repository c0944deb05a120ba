import { describe, expect, test } from '@jest/globals'
import { checkOutput } from '../../integrity/checks/check-output.mjs'

const rows = [{ key: 'a', partition: 2, value: 3 }]
const output = (...values: number[]) =>
  values.map((value, offset) => ({ partition: 2, offset, key: 'a', value }))

describe('checkOutput', () => {
  test('has nothing to say about counts that rise to the one in the table', () => {
    expect(checkOutput(output(1, 3), rows, { mayRepeat: false })).toEqual([])
  })

  test('names a value that comes twice, and one that falls', () => {
    expect(checkOutput(output(1, 1, 3), rows, { mayRepeat: false })).toEqual([
      "'a' is there twice in the output: 1 at 2@0, then 1 at 2@1",
    ])
    expect(checkOutput(output(2, 1, 3), rows, { mayRepeat: false })).toEqual([
      "'a' falls in the output: 2 at 2@0, then 1 at 2@1",
    ])
  })

  test('lets values repeat where they may, but not end with another one', () => {
    expect(checkOutput(output(1, 2, 1, 2, 3), rows, { mayRepeat: true })).toEqual([])
    expect(checkOutput(output(3, 2), rows, { mayRepeat: true })).toEqual([
      "'a' is 3 in the table, the output ends with 2",
    ])
  })

  test('names words that are on one side only', () => {
    const other = [{ partition: 2, offset: 0, key: 'b', value: 1 }]
    expect(checkOutput(other, rows, { mayRepeat: false })).toEqual([
      "'a' is 3 in the table and not in the output",
      "'b' is in the output and not in the table",
    ])
  })

  test('names a word whose row is not where its records are', () => {
    const elsewhere = output(3).map((record) => ({ ...record, partition: 1 }))
    expect(checkOutput(elsewhere, rows, { mayRepeat: false })).toEqual([
      "'a' is in partition 2 of the table, 1 of the output",
    ])
  })
})
