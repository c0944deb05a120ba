import { describe, expect, test } from '@jest/globals'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { RecordCursor } from '../../../src/kafka/client/record-cursor.ts'
import { ByteWriter } from '../../../src/kafka/client/wire/byte-writer.ts'
import { readRecordBatches } from '../../../src/kafka/client/wire/record-batch-reader.ts'

const identity = { transactionalId: null, producerId: 1n, producerEpoch: 0 }
const place = { topic: 'topic', partition: 0 }

function records(count: number, bytes: number): OutgoingRecord[] {
  return Array.from({ length: count }, () => ({
    ...place,
    timestamp: 0,
    key: null,
    value: Buffer.alloc(bytes),
    headers: [],
  }))
}

function nextBatch(cursor: RecordCursor): { count: number; sequence: number } {
  const writer = new ByteWriter()
  cursor.batch(identity).write(writer)
  expect(writer.length).toBeLessThanOrEqual(cursor.batchBytes)
  const log = Buffer.from(writer.bytes())
  return { count: readRecordBatches(log)[0]!.recordCount, sequence: log.readInt32BE(53) }
}

describe('a record cursor', () => {
  test('splits what is too much for one batch and goes on when one is acknowledged', () => {
    const cursor = new RecordCursor(place, records(30, 100_000), 5)
    const batches = []
    for (; !cursor.isDone; cursor.advance()) batches.push(nextBatch(cursor))
    expect(batches).toEqual([
      { count: 8, sequence: 5 },
      { count: 8, sequence: 13 },
      { count: 8, sequence: 21 },
      { count: 6, sequence: 29 },
    ])
  })

  test('repeats a batch as it was until it is acknowledged', () => {
    const cursor = new RecordCursor(place, records(30, 100_000), 0)
    expect(nextBatch(cursor)).toEqual(nextBatch(cursor))
  })

  test('halves a batch that a topic does not take, down to one record', () => {
    const cursor = new RecordCursor(place, records(8, 100_000), 0)
    expect([cursor.halve(), nextBatch(cursor).count]).toEqual([true, 3])
    expect([cursor.halve(), nextBatch(cursor).count]).toEqual([true, 1])
    expect(cursor.halve()).toBe(false)
  })

  test('sends a record that fills more than a batch alone', () => {
    const cursor = new RecordCursor(
      place,
      [...records(1, 10), ...records(1, 2_000_000), ...records(1, 10)],
      0,
    )
    const counts = []
    for (; !cursor.isDone; cursor.advance()) counts.push(nextBatch(cursor).count)
    expect(counts).toEqual([1, 1, 1])
  })

  test('lets sequences wrap after 2^31 − 1', () => {
    const cursor = new RecordCursor(place, records(3, 1), 2 ** 31 - 2)
    cursor.advance()
    expect(cursor.sequence).toBe(1)
  })
})
