import type { Headers } from './headers.ts'

/** A record as Kafka delivers it: bytes, with the place it came from. */
export interface ConsumedRecord {
  /** Position in its partition. */
  readonly offset: bigint
  /** Milliseconds since the epoch; −1 where the producer gave none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Headers
}

/** A record on its way to Kafka; its partition is decided. */
export interface OutgoingRecord {
  readonly topic: string
  readonly partition: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Headers
}

/** Where a record came from: what every message about it names. */
export interface RecordPosition {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/** The bytes of a record, as they were read. */
export type RecordBytes = Pick<ConsumedRecord, 'key' | 'value'>

/** What a record came from. */
export interface RecordOrigin {
  readonly position: RecordPosition
  /** What was read there, where that is kept. */
  readonly source?: RecordBytes | undefined
}

/** `topic-partition@offset`, the form used in logs and error messages. */
export function formatPosition({ topic, partition, offset }: RecordPosition): string {
  return `${topic}-${partition}@${offset}`
}
