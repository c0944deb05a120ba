import type { Headers } from '../../model/headers.ts'
import type { RecordPosition } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { BufferPlace } from './buffer-place.ts'

/** A record of a stream that waits until its time is over. */
export interface WaitingRecord {
  /** By time, then by the bytes of the record's key; those that are equal in both are numbered as they came. */
  readonly key: BufferPlace
  readonly recordKey: unknown
  readonly value: unknown
  readonly headers: Headers
  /** Where it came from, if from a topic. */
  readonly position: RecordPosition | undefined
}

/** Records of a stream, in the order of their times. */
export interface RecordBuffer {
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold it. */
  add(record: StreamRecord, position: RecordPosition | undefined): void
  first(): WaitingRecord | undefined
  remove(record: WaitingRecord): void
}
