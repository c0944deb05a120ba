import type { TopicPartition } from '../../model/topic-partition.ts'

/**
 * Records of one partition as they will lie in its log: the records of one batch (magic 2, uncompressed), which lacks only
 * what a producer adds when it sends. They are encoded once, where they are made; what stores and sends them copies bytes.
 */
export interface EncodedRecords extends TopicPartition {
  /** Number of records, at least one. */
  readonly count: number
  /** Timestamp of the first record, to which the others are relative. */
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly bytes: Uint8Array
}

/** Number of records in several batches of them. */
export function countRecords(all: readonly EncodedRecords[]): number {
  return all.reduce((sum, { count }) => sum + count, 0)
}
