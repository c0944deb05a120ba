import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DeserializationError } from '../../../src/errors/record-errors.ts'
import { listRecords } from '../../../src/kafka/fetched-records.ts'
import type { FetchedBatch } from '../../../src/kafka/group-consumer.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { ConsumedRecord } from '../../../src/model/record.ts'
import type { StreamRecord } from '../../../src/model/stream-record.ts'
import { PartitionQueue } from '../../../src/runtime/task/partition-queue.ts'

const PLACE = { topic: 'in', partition: 0 }
const decode = ({ offset, timestamp }: ConsumedRecord): StreamRecord => ({
  key: offset,
  value: null,
  timestamp,
  headers: NO_HEADERS,
})

function batch(offsets: readonly bigint[], nextOffset: bigint, end = nextOffset): FetchedBatch {
  const records = offsets.map((offset) => ({
    offset,
    timestamp: Number(offset),
    key: null,
    value: null,
    headers: NO_HEADERS,
  }))
  return { ...PLACE, records: listRecords(records), nextOffset, endOffset: end }
}

const queueAt = (start: bigint, end = start) => new PartitionQueue(PLACE, start, end)

describe('the position of a partition queue', () => {
  test('is where it starts while nothing was fetched', () => {
    expect(queueAt(5n).position).toBe(5n)
  })

  test('is the offset of the record that is next in line, decoded or not', () => {
    const queue = queueAt(0n)
    queue.add(batch([0n, 1n], 2n))
    expect(queue.position).toBe(0n)
    queue.refill(decode)
    queue.shift()
    expect(queue.position).toBe(1n)
  })

  test('passes control records behind the last record', () => {
    const queue = queueAt(0n)
    queue.add(batch([0n], 3n))
    queue.refill(decode)
    queue.shift()
    expect(queue.position).toBe(3n)
  })

  test('passes control records before the next record', () => {
    const queue = queueAt(0n)
    queue.add(batch([0n], 4n))
    queue.add(batch([4n], 5n))
    queue.refill(decode)
    queue.shift()
    expect(queue.position).toBe(4n)
  })

  test('advances over a batch that is empty', () => {
    const queue = queueAt(0n)
    queue.add(batch([], 7n))
    expect(queue.position).toBe(7n)
  })

  test('does not pass records that wait behind an empty batch', () => {
    const queue = queueAt(0n)
    queue.add(batch([], 7n))
    queue.add(batch([7n], 8n))
    queue.add(batch([], 12n))
    expect(queue.position).toBe(7n)
  })

  test('is never behind a record taken, nor beyond one that waits', () => {
    const gaps = fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 5 }), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(gaps, fc.array(fc.boolean()), (batches, takes) => {
        const queue = queueAt(0n)
        const waiting: bigint[] = []
        let next = 0n
        for (const steps of batches) {
          const offsets = steps.map((step) => (next += BigInt(step)))
          waiting.push(...offsets)
          queue.add(batch(offsets, ++next))
          if (takes.pop() === false) continue
          queue.refill(decode)
          const taken = queue.shift()
          expect(taken?.offset).toBe(waiting.shift())
          expect(queue.position > (taken?.offset ?? -1n)).toBe(true)
          expect(queue.position <= (waiting[0] ?? next)).toBe(true)
          if (waiting.length === 0) expect(queue.position).toBe(next)
          expect(queue.length).toBe(waiting.length)
        }
      }),
    )
  })
})

describe('a partition queue', () => {
  test('fetches on behind what was fetched', () => {
    const queue = queueAt(0n)
    queue.add(batch([0n], 3n))
    expect(queue.fetchPosition).toBe(3n)
  })

  test('lags while the partition has more than was fetched', () => {
    const queue = queueAt(0n, 5n)
    expect(queue.isLagging).toBe(true)
    queue.add(batch([0n], 3n, 5n))
    expect(queue.isLagging).toBe(true)
    queue.add(batch([3n, 4n], 5n))
    expect(queue.isLagging).toBe(false)
  })

  test('decodes a window at a time, across batches, each record once', () => {
    const queue = queueAt(0n)
    const offsets = Array.from({ length: 5_000 }, (_, i) => BigInt(i))
    queue.add(batch(offsets.slice(0, 3_000), 3_000n))
    queue.add(batch(offsets.slice(3_000), 5_000n))
    expect(queue.refill(decode)).toHaveLength(4_096)
    const taken: (bigint | undefined)[] = []
    for (let i = 0; i < 4_096; i++) taken.push(queue.shift()?.offset)
    expect(queue.refill(decode)).toHaveLength(904)
    for (let i = 0; i < 904; i++) taken.push(queue.shift()?.offset)
    expect(taken).toEqual(offsets)
  })

  test('does not decode the next window before the last is used up', () => {
    const queue = queueAt(0n)
    queue.add(batch([0n, 1n], 2n))
    queue.refill(decode)
    queue.shift()
    expect(queue.refill(decode)).toBeUndefined()
    expect(queue.peek()?.offset).toBe(1n)
  })

  test('gives nothing where nothing waits', () => {
    const queue = queueAt(0n)
    expect(queue.refill(decode)).toBeUndefined()
    expect(queue.peek()).toBeUndefined()
    expect(queue.shift()).toBeUndefined()
  })

  test('keeps a record that cannot be read in its place, with the reason', () => {
    const queue = queueAt(0n)
    const reason = new DeserializationError('value', 'poison')
    queue.add(batch([0n, 1n], 2n))
    queue.refill((record) => (record.offset === 0n ? reason : decode(record)))
    expect(queue.shift()).toMatchObject({ position: { offset: 0n }, record: reason })
    expect(queue.shift()?.offset).toBe(1n)
  })

  test('counts the records that wait, decoded or not', () => {
    const queue = queueAt(0n)
    queue.add(batch([0n, 1n], 2n))
    queue.add(batch([2n], 3n))
    queue.refill(decode)
    queue.shift()
    expect(queue.length).toBe(2)
  })
})
