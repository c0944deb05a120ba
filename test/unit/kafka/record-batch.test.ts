import { describe, expect, test } from '@jest/globals'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { ByteWriter } from '../../../src/kafka/record-batch/byte-writer.ts'
import { readRecordBatches } from '../../../src/kafka/record-batch/batch-reader.ts'
import { readRecords } from '../../../src/kafka/record-batch/records-reader.ts'
import { writeBatch } from '../../../src/kafka/record-batch/batch-writer.ts'
import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'

const producer = { producerId: 7n, producerEpoch: 1, firstSequence: 5, isTransactional: true }

const place = { topic: 'topic', partition: 0 }
const records: OutgoingRecord[] = [
  { ...place, key: null, value: null, timestamp: 1_700_000_000_000, headers: [] },
  { ...place, key: Buffer.from('k'), value: Buffer.alloc(0), timestamp: 0, headers: [['ü', null]] },
  {
    ...place,
    key: Buffer.alloc(0),
    value: Buffer.alloc(300, 1),
    timestamp: 1_800_000_000_000,
    headers: [],
  },
]

function write(from = 0, to = records.length): Buffer {
  const writer = new ByteWriter()
  writeBatch(writer, encodeRecords(records.slice(from, to))[0]!, producer)
  return Buffer.from(writer.bytes())
}

/** As a broker does when it appends. */
function at(baseOffset: bigint, batch: Buffer, leaderEpoch = 5): Buffer {
  batch.writeBigInt64BE(baseOffset)
  batch.writeInt32BE(leaderEpoch, 12)
  return batch
}

describe('a record batch', () => {
  test('is read as it was written', () => {
    const [batch] = readRecordBatches(at(100n, write()))
    expect(batch).toMatchObject({
      baseOffset: 100n,
      leaderEpoch: 5,
      nextOffset: 103n,
      producerId: 7n,
      isTransactional: true,
      codec: 0,
    })
    const expected = records.map(({ key, value, timestamp, headers }, i) => {
      return { offset: 100n + BigInt(i), key, value, timestamp, headers }
    })
    expect(readRecords(batch!, batch!.records, 0n)).toEqual(expected)
  })

  test('gives only the records from an offset on', () => {
    const [batch] = readRecordBatches(at(100n, write()))
    expect(readRecords(batch!, batch!.records, 102n).map(({ offset }) => offset)).toEqual([102n])
  })

  test('that is cut off is left out', () => {
    const [first, second] = [at(0n, write(0, 1)), at(1n, write(1, 3))]
    const log = Buffer.concat([first, second])
    expect(readRecordBatches(log)).toHaveLength(2)
    expect(readRecordBatches(log.subarray(0, log.length - 1))).toHaveLength(1)
    expect(readRecordBatches(log.subarray(0, first.length + 20))).toHaveLength(1)
    expect(readRecordBatches(log.subarray(0, 10))).toEqual([])
  })

  test('whose last records were compacted away ends where it did', () => {
    const log = at(10n, write())
    log.writeInt32BE(9, 23)
    expect(readRecordBatches(log)[0]?.nextOffset).toBe(20n)
  })

  test('of an older format is refused', () => {
    const log = write()
    log[16] = 1
    expect(() => readRecordBatches(log)).toThrow(TypeError)
  })
})
