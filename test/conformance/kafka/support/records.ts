import { encodeRecords } from '../../../../src/kafka/record-batch/encode-records.ts'
import type { EncodedRecords } from '../../../../src/kafka/record-batch/encoded-records.ts'
import type { OutgoingRecord } from '../../../../src/model/record.ts'

/** A record with defaults for what a test does not care about. */
export function record(
  topic: string,
  fields: Partial<Omit<OutgoingRecord, 'topic'>> & { text?: string } = {},
): OutgoingRecord {
  const { text, ...given } = fields
  const value = text === undefined ? null : Buffer.from(text)
  return {
    topic,
    partition: 0,
    timestamp: 1_700_000_000_000,
    key: null,
    value,
    headers: [],
    ...given,
  }
}

/** The same record as a transaction takes it. */
export function encoded(...[topic, fields]: Parameters<typeof record>): EncodedRecords[] {
  return encodeRecords([record(topic, fields)])
}

/** The value of a record as text; what comes out of a consumer may be any kind of byte array. */
export function textOf({ value }: { readonly value: Uint8Array | null }): string | null {
  return value === null ? null : Buffer.from(value).toString()
}
