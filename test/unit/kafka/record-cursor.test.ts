import { describe, expect, test } from '@jest/globals'
import { RecordCursor } from '../../../src/kafka/client/record-cursor.ts'
import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'
import type { EncodedRecords } from '../../../src/kafka/record-batch/encoded-records.ts'

const place = { topic: 'topic', partition: 0, timestamp: 0, key: null, headers: [] }

/** A batch of so many records. */
function batch(count: number): EncodedRecords {
  const value = Buffer.from('value')
  return encodeRecords(Array.from({ length: count }, () => ({ ...place, value })))[0]!
}

const next = (cursor: RecordCursor, max = 5) =>
  cursor.next(max).map(({ records, firstSequence }) => [records.count, firstSequence])

describe('a record cursor', () => {
  test('numbers records through all batches, and gives no more batches than asked for', () => {
    const cursor = new RecordCursor([batch(3), batch(2), batch(4)], 5)
    expect(next(cursor)).toEqual([
      [3, 5],
      [2, 8],
      [4, 10],
    ])
    expect(next(cursor, 1)).toEqual([[3, 5]])
  })

  test('repeats what is not acknowledged, under the same sequences', () => {
    const cursor = new RecordCursor([batch(3), batch(2)], 0)
    expect(next(cursor)).toEqual(next(cursor))
    cursor.advance()
    expect(next(cursor)).toEqual([[2, 3]])
    cursor.advance()
    expect([cursor.isDone, cursor.sequence]).toEqual([true, 5])
  })

  test('halves the batch that a topic does not take, down to one record', () => {
    const cursor = new RecordCursor([batch(5), batch(2)], 10)
    expect(cursor.halve()).toBe(true)
    expect(next(cursor)).toEqual([
      [2, 10],
      [3, 12],
      [2, 15],
    ])
    expect(cursor.halve()).toBe(true)
    expect(cursor.halve()).toBe(false)
    expect(next(cursor, 2)).toEqual([
      [1, 10],
      [1, 11],
    ])
  })

  test('lets sequences wrap after 2^31 − 1', () => {
    const cursor = new RecordCursor([batch(3), batch(1)], 2 ** 31 - 2)
    expect(next(cursor)).toEqual([
      [3, 2 ** 31 - 2],
      [1, 1],
    ])
  })
})
