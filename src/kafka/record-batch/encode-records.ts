import type { OutgoingRecord } from '../../model/record.ts'
import { byPartition } from './by-partition.ts'
import type { EncodedRecords } from './encoded-records.ts'
import { RecordsEncoder } from './records-encoder.ts'

/** Encodes records, those of each partition in order. */
export function encodeRecords(records: readonly OutgoingRecord[]): EncodedRecords[] {
  return byPartition(records).flatMap((ofPartition) => {
    const encoder = new RecordsEncoder(ofPartition[0]!)
    for (const record of ofPartition) encoder.add(record)
    return encoder.seal()
  })
}
