import type { OutgoingRecord } from '../../model/record.ts'
import { readRecords } from './records-reader.ts'
import { encodeRecords } from './encode-records.ts'
import type { EncodedRecords } from './encoded-records.ts'

/** The records that were encoded, in order; their keys and values are views of the bytes. */
export function decodeRecords(encoded: EncodedRecords): OutgoingRecord[] {
  const { topic, partition, count, baseTimestamp, bytes } = encoded
  const frame = { baseOffset: 0n, recordCount: count, baseTimestamp, appendTimestamp: undefined }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return readRecords(frame, buffer, 0n).map(({ timestamp, key, value, headers }) => {
    return { topic, partition, timestamp, key, value, headers }
  })
}

/** The same records in two halves; of a single record there is only one. */
export function halveRecords(encoded: EncodedRecords): EncodedRecords[] {
  if (encoded.count === 1) return [encoded]
  const records = decodeRecords(encoded)
  const middle = records.length >> 1
  return [records.slice(0, middle), records.slice(middle)].flatMap(encodeRecords)
}
