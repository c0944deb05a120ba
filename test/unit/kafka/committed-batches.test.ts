import { describe, expect, test } from '@jest/globals'
import { committedBatches } from '../../../src/kafka/client/committed-batches.ts'
import type { RecordBatch } from '../../../src/kafka/record-batch/batch-reader.ts'

/** `data` in a transaction, `plain` outside of one, or the marker that ends it. */
type Kind = 'data' | 'plain' | 'commit' | 'abort'

/** A log of one record a batch. */
function log(...batches: [producerId: number, kind: Kind][]): RecordBatch[] {
  return batches.map(([producerId, kind], offset) => ({
    baseOffset: BigInt(offset),
    nextOffset: BigInt(offset) + 1n,
    leaderEpoch: 0,
    producerId: BigInt(producerId),
    isTransactional: kind !== 'plain',
    isControl: kind === 'commit' || kind === 'abort',
    codec: 0,
    baseTimestamp: 0,
    appendTimestamp: undefined,
    recordCount: 1,
    records: kind === 'commit' ? marker(1) : marker(0),
  }))
}

/** A record whose key is version 0 and a type, as of a control batch; a harmless one of any other. */
function marker(type: number): Buffer {
  const body = Buffer.from([0, 0, 0, 8, 0, 0, 0, type, 1, 0])
  return Buffer.concat([Buffer.from([body.length * 2]), body])
}

function delivered(
  batches: RecordBatch[],
  ...aborted: [producerId: number, firstOffset: number][]
): number[] {
  const transactions = aborted.map(([producerId, firstOffset]) => {
    return { producerId: BigInt(producerId), firstOffset: BigInt(firstOffset) }
  })
  return committedBatches(batches, transactions).map(({ baseOffset }) => Number(baseOffset))
}

describe('committed batches', () => {
  test('leave out markers and what was aborted', () => {
    const batches = log(
      [1, 'data'],
      [2, 'data'],
      [1, 'abort'],
      [2, 'commit'],
      [1, 'data'],
      [1, 'commit'],
    )
    expect(delivered(batches, [1, 0])).toEqual([1, 4])
  })

  test('do not depend on the order of the aborted list, which is that of their ends', () => {
    const batches = log([1, 'data'], [2, 'data'], [2, 'abort'], [1, 'data'], [1, 'abort'])
    expect(delivered(batches, [2, 1], [1, 0])).toEqual([])
  })

  test('keep what the same producer wrote outside of a transaction', () => {
    expect(delivered(log([1, 'data'], [1, 'plain'], [1, 'abort']), [1, 0])).toEqual([1])
  })

  test('take a record with the key of a marker for a record', () => {
    const batches = log([1, 'data'], [1, 'data'], [1, 'abort'])
    expect(delivered(batches, [1, 0])).toEqual([])
  })

  test('know of an aborted transaction that began before the fetch', () => {
    const batches = log([1, 'data'], [1, 'abort'], [1, 'data'], [1, 'commit'])
    expect(delivered(batches, [1, -5])).toEqual([2])
  })

  test('follow several aborted transactions of one producer', () => {
    const batches = log(
      [1, 'data'],
      [1, 'abort'],
      [1, 'data'],
      [1, 'commit'],
      [1, 'data'],
      [1, 'abort'],
    )
    expect(delivered(batches, [1, 0], [1, 4])).toEqual([2])
  })
})
