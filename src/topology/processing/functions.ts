import type { Headers } from '../../model/headers.ts'
import type { RecordPosition } from '../../model/record.ts'

/**
 * What users write, with types erased: inside a topology keys and values are `unknown`; the types
 * of the DSL have checked that functions fit each other.
 *
 * Functions that see the whole record take `(key, value)`, as in Kafka Streams. Those that only
 * change the value take `(value, key)`, so that a function of the value alone can be passed as it
 * is.
 */
export type RecordFunction<R> = (key: unknown, value: unknown) => R

/** A function of the value, which may look at the key. */
export type ValueFunction<R> = (value: unknown, key: unknown) => R

/** Makes one value of two; null where a side is missing. */
export type ValueJoiner<R = unknown> = (left: unknown, right: unknown, key: unknown) => R

/** A key and a value. */
export type KeyValue<K = unknown, V = unknown> = readonly [key: K, value: V]

/** What is known of a record beside its key and value. */
export interface RecordContext {
  /** Where it came from; nothing where it comes of a punctuation or was combined. */
  readonly position: RecordPosition | undefined
  readonly timestamp: number
  readonly headers: Headers
}

/** The name of the topic to which a record is written; the topic must exist. */
export type TopicNameExtractor<K = unknown, V = unknown> = (
  key: K,
  value: V,
  context: RecordContext,
) => string

/** Where a record is to be written. */
export interface PartitionedTopic {
  readonly topic: string
  /** How many it has. */
  readonly partitions: number
}

/**
 * The partitions to which a record is written, from 0: one, several, or none, and then it is left out and counted. With `undefined`
 * it is the partition of its key, as without a partitioner. Must be pure.
 */
export type StreamPartitioner<K = unknown, V = unknown> = (
  key: K,
  value: V,
  topic: PartitionedTopic,
) => number | readonly number[] | undefined

/**
 * What a timestamp extractor sees: the decoded record, with the timestamp that Kafka delivered (−1
 * for none).
 */
export interface ExtractedRecord<K = unknown, V = unknown> {
  readonly topic: string
  readonly offset: bigint
  readonly key: K
  readonly value: V
  readonly timestamp: number
  readonly headers: Headers
  /** The highest time so far of the records of its partition, milliseconds; −1 before the first. */
  readonly partitionTime: number
  /** Milliseconds since the epoch, now. */
  readonly wallClock: number
}

/**
 * Milliseconds since the epoch. With a negative number the record is left out, counted and logged;
 * none at all is an `INVALID_TIMESTAMP`.
 */
export type TimestampExtractor<K = unknown, V = unknown> = (record: ExtractedRecord<K, V>) => number
