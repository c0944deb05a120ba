import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeRecords, halveRecords } from '../../../src/kafka/record-batch/decode-records.ts'
import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'
import { countRecords } from '../../../src/kafka/record-batch/encoded-records.ts'
import { BATCH_BYTES_MAX, RecordsEncoder } from '../../../src/kafka/record-batch/records-encoder.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { outgoing } from '../../support/memory-state.ts'

const bytes = fc.option(
  fc.uint8Array({ maxLength: 40, size: 'max' }).map((array) => Buffer.from(array)),
  { nil: null },
)
const name = fc.string({ unit: 'binary', maxLength: 12 })
const record: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.constantFrom('a', 'b', 'word-counts'),
  partition: fc.integer({ min: 0, max: 2 }),
  timestamp: fc.oneof(fc.integer({ min: 0 }), fc.maxSafeNat(), fc.constant(-1)),
  key: bytes,
  value: bytes,
  headers: fc.array(fc.tuple(name, bytes), { maxLength: 3 }),
})

const sized = (size: number) => outgoing('', { key: null, value: Buffer.alloc(size, 1) })

describe('encoded records', () => {
  test('of a partition are those that went in, in order', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30, size: 'max' }), (records) => {
        const encoded = encodeRecords(records)
        for (const { topic, partition } of records) {
          const isThere = (one: OutgoingRecord) =>
            one.topic === topic && one.partition === partition
          expect(encoded.flatMap(decodeRecords).filter(isThere)).toEqual(records.filter(isThere))
        }
        expect(countRecords(encoded)).toBe(records.length)
      }),
    )
  })

  test('say their highest timestamp', () => {
    const records = [5, 9, 7].map((timestamp) => outgoing('v', { timestamp }))
    expect(encodeRecords(records)).toMatchObject([{ baseTimestamp: 5, maxTimestamp: 9, count: 3 }])
  })

  test('without headers share one empty list', () => {
    expect(encodeRecords([outgoing('v')]).flatMap(decodeRecords)[0]!.headers).toBe(NO_HEADERS)
  })

  test('tell a null key, value or header from an empty one', () => {
    const empty = Buffer.alloc(0)
    const records = [
      outgoing('', { key: null, value: empty, headers: [['h', null]] }),
      outgoing('', { key: empty, value: null, headers: [['h', empty]] }),
    ]
    expect(encodeRecords(records).flatMap(decodeRecords)).toEqual(records)
  })

  test('fill a batch before the next begins, and a record that is larger has one of its own', () => {
    const sizes = [400_000, 400_000, 400_000, 2_000_000, 10]
    const encoded = encodeRecords(sizes.map(sized))
    expect(encoded.map(({ count }) => count)).toEqual([2, 1, 1, 1])
    for (const { bytes: all } of encoded.filter(({ count }) => count > 1))
      expect(all.length).toBeLessThanOrEqual(BATCH_BYTES_MAX)
  })

  test('are as large as adding them said', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30, size: 'max' }), (records) => {
        const encoder = new RecordsEncoder({ topic: 'a', partition: 0 })
        const told = records.reduce((sum, one) => sum + encoder.add(one), 0)
        const real = encoder.seal().reduce((sum, { bytes: all }) => sum + all.length, 0)
        expect(real).toBe(told)
      }),
    )
  })

  test('are sealed once: the next unit begins empty, at its own time', () => {
    const encoder = new RecordsEncoder({ topic: 'a', partition: 0 })
    encoder.add(outgoing('first', { timestamp: 50 }))
    expect(encoder.seal()).toMatchObject([{ baseTimestamp: 50 }])
    expect(encoder.seal()).toEqual([])
    encoder.add(outgoing('second', { timestamp: 7 }))
    expect(encoder.seal()).toMatchObject([{ baseTimestamp: 7, maxTimestamp: 7, count: 1 }])
  })

  test('are halved record by record, and a single one stays', () => {
    const [encoded] = encodeRecords(['a', 'b', 'c'].map((value) => outgoing(value)))
    const halves = halveRecords(encoded!)
    expect(halves.map(({ count }) => count)).toEqual([1, 2])
    expect(halves.flatMap(decodeRecords)).toEqual(decodeRecords(encoded!))
    expect(halveRecords(halves[0]!)).toEqual([halves[0]])
  })
})
