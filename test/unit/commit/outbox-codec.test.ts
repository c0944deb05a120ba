import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  decodeOutbox,
  encodeOutbox,
  OUTBOX_PART_BYTES_MAX,
} from '../../../src/commit/outbox-codec.ts'
import type { EncodedRecords } from '../../../src/kafka/record-batch/encoded-records.ts'
import { encoded } from '../../support/memory-state.ts'

const time = fc.oneof(fc.maxSafeNat(), fc.constant(-1))
const batch: fc.Arbitrary<EncodedRecords> = fc.record({
  topic: fc.oneof(fc.constantFrom('a', 'word-counts'), fc.string({ unit: 'binary' })),
  partition: fc.nat(),
  count: fc.integer({ min: 1 }),
  baseTimestamp: time,
  maxTimestamp: time,
  bytes: fc.uint8Array({ maxLength: 40, size: 'max' }).map((array) => Buffer.from(array)),
})

/** A batch of which only the size matters. */
const sized = (size: number): EncodedRecords => ({ ...encoded('')[0]!, bytes: Buffer.alloc(size) })
const decodeAll = (parts: readonly Uint8Array[]) => parts.flatMap(decodeOutbox)

describe('the outbox codec', () => {
  test('gives the batches that went in, in order', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 30, size: 'max' }), (batches) => {
        expect(decodeAll(encodeOutbox(batches))).toEqual(batches)
      }),
    )
  })

  test('no records make no part', () => {
    expect(encodeOutbox([])).toEqual([])
  })

  test('a part may be a view into a larger buffer', () => {
    const [part] = encodeOutbox(encoded('value'))
    const larger = new Uint8Array(part!.length + 20)
    larger.set(part!, 7)
    expect(decodeOutbox(larger.subarray(7, 7 + part!.length))).toEqual(encoded('value'))
  })

  test('a format of another version is refused', () => {
    const later = Uint8Array.from(encodeOutbox(encoded('v'))[0]!)
    later[0] = 9
    expect(() => decodeOutbox(later)).toThrow(/format 9/)
  })

  test('a part that was cut off is refused', () => {
    const [part] = encodeOutbox(encoded('value'))
    expect(() => decodeOutbox(part!.subarray(0, part!.length - 3))).toThrow(/cut off/)
  })
})

describe('splitting a batch', () => {
  // Not with toEqual: it takes seconds for megabytes.
  const sizesOf = (batches: readonly EncodedRecords[]) => batches.map(({ bytes }) => bytes.length)

  test('no part is above the bound, and order is kept', () => {
    const batches = Array.from({ length: 30 }, (_, i) => sized(900_000 + i))
    const parts = encodeOutbox(batches)
    expect(parts).toHaveLength(4)
    for (const { length } of parts) expect(length).toBeLessThanOrEqual(OUTBOX_PART_BYTES_MAX)
    expect(sizesOf(decodeAll(parts))).toEqual(sizesOf(batches))
  })

  test('a batch larger than a part has one of its own', () => {
    const batches = [sized(100), sized(OUTBOX_PART_BYTES_MAX + 1), sized(100)]
    expect(encodeOutbox(batches).map((part) => decodeOutbox(part).length)).toEqual([1, 1, 1])
  })
})
