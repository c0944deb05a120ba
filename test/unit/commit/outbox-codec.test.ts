import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  decodeOutbox,
  encodeOutbox,
  outboxBytes,
  OUTBOX_PART_BYTES_MAX,
} from '../../../src/commit/outbox-codec.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { outgoing } from '../../support/memory-state.ts'

const bytes = fc.option(
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
  { nil: null },
)
const name = fc.string({ unit: 'binary', maxLength: 12 })
const record: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.oneof(fc.constantFrom('a', 'b', 'word-counts'), name),
  partition: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  timestamp: fc.oneof(fc.integer({ min: 0 }), fc.maxSafeNat(), fc.constant(-1)),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.tuple(name, bytes), { maxLength: 3 }),
})

const decodeAll = (parts: readonly Uint8Array[]) => parts.flatMap(decodeOutbox)

describe('the outbox codec', () => {
  test('decoding what was encoded gives the same records in the same order', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        expect(decodeAll(encodeOutbox(records))).toEqual(records)
      }),
    )
  })

  test('no records make no part', () => {
    expect(encodeOutbox([])).toEqual([])
  })

  test('a null key or value is not an empty one', () => {
    const empty = Buffer.alloc(0)
    const records = [
      outgoing('', { key: null, value: empty, headers: [['h', null]] }),
      outgoing('', { key: empty, value: null, headers: [['h', empty]] }),
    ]
    expect(decodeAll(encodeOutbox(records))).toEqual(records)
  })

  test('headers of one name keep their number and order', () => {
    const headers: OutgoingRecord['headers'] = [
      ['same', Buffer.from('1')],
      ['other', null],
      ['same', Buffer.from('2')],
    ]
    expect(decodeAll(encodeOutbox([outgoing('v', { headers })]))[0]!.headers).toEqual(headers)
  })

  test('a thousand topics fit into one part', () => {
    const records = Array.from({ length: 1_000 }, (_, i) => outgoing('v', { topic: `topic-${i}` }))
    const parts = encodeOutbox(records)
    expect(parts).toHaveLength(1)
    expect(decodeAll(parts)).toEqual(records)
  })

  test('records without headers share one empty list', () => {
    expect(decodeAll(encodeOutbox([outgoing('v')]))[0]!.headers).toBe(NO_HEADERS)
  })

  test('a part may be a view into a larger buffer', () => {
    const [part] = encodeOutbox([outgoing('value')])
    const larger = new Uint8Array(part!.length + 20)
    larger.set(part!, 7)
    expect(decodeOutbox(larger.subarray(7, 7 + part!.length))).toEqual([outgoing('value')])
  })

  test('the estimated size is never below the real one', () => {
    fc.assert(
      fc.property(record, (one) => {
        const [part] = encodeOutbox([one])
        const names = 3 + 2 + Buffer.byteLength(one.topic)
        expect(part!.length - names).toBeLessThanOrEqual(outboxBytes(one))
      }),
    )
  })

  test('a format of another version is refused', () => {
    const [part] = encodeOutbox([outgoing('v')])
    const later = Uint8Array.from(part!)
    later[0] = 9
    expect(() => decodeOutbox(later)).toThrow(/format 9/)
  })

  test('a part that was cut off is refused', () => {
    const [part] = encodeOutbox([outgoing('value')])
    expect(() => decodeOutbox(part!.subarray(0, part!.length - 3))).toThrow()
  })
})

describe('splitting a batch', () => {
  const half = OUTBOX_PART_BYTES_MAX / 2
  const sized = (size: number) => {
    const overhead = outboxBytes(outgoing('', { key: null, value: Buffer.alloc(0) }))
    return outgoing('', { key: null, value: Buffer.alloc(size - overhead, 1) })
  }

  test('records that fill a part to the byte stay in one', () => {
    expect(encodeOutbox([sized(half), sized(half)])).toHaveLength(1)
  })

  // Not with toEqual: it takes seconds for megabytes.
  const sizesOf = (records: readonly OutgoingRecord[]) => records.map(({ value }) => value?.length)

  test('one byte more makes a second part, and order is kept', () => {
    const records = [sized(half), sized(half + 1), sized(100)]
    const parts = encodeOutbox(records)
    expect(parts.map((part) => decodeOutbox(part).length)).toEqual([1, 2])
    expect(sizesOf(decodeAll(parts))).toEqual(sizesOf(records))
  })

  test('a record larger than a part has one of its own', () => {
    const records = [sized(100), sized(OUTBOX_PART_BYTES_MAX + 1), sized(100)]
    expect(encodeOutbox(records).map((part) => decodeOutbox(part).length)).toEqual([1, 1, 1])
  })

  test('no part of small records is above the bound', () => {
    const records = Array.from({ length: 300 }, () => sized(100_000))
    const parts = encodeOutbox(records)
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(
      OUTBOX_PART_BYTES_MAX,
    )
    expect(decodeAll(parts)).toHaveLength(300)
  })
})
