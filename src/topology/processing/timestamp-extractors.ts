import { InvalidTimestampError } from '../../errors/record-errors.ts'
import type { ExtractedRecord } from './functions.ts'

/**
 * The default extractor: the record's own timestamp. A negative one is an `INVALID_TIMESTAMP`, which
 * stops the application unless `onError.deserialization` says otherwise.
 *
 * @example
 * ```ts
 * builder.stream('in', {
 *   key: serdes.string, value: serdes.string, timestampExtractor: failOnInvalidTimestamp,
 * })
 * // in : ('a', 'x') at 5
 * // out: ('a', 'x') at 5
 * ```
 */
export function failOnInvalidTimestamp({ timestamp }: ExtractedRecord): number {
  if (timestamp >= 0) return timestamp
  throw new InvalidTimestampError(
    timestamp,
    'is negative or no number; set a timestampExtractor, or mend the producer',
  )
}

/**
 * The record's own timestamp. Records with a negative one are left out, counted and logged.
 *
 * @example
 * ```ts
 * builder.stream('in', {
 *   key: serdes.string, value: serdes.string, timestampExtractor: logAndSkipOnInvalidTimestamp,
 * })
 * // in : ('a', 'x') at 5 ('b', 'y') at -1
 * // out: ('a', 'x') at 5
 * ```
 */
export function logAndSkipOnInvalidTimestamp({ timestamp }: ExtractedRecord): number {
  return timestamp
}

/**
 * The record's own timestamp or, where that is negative, the highest so far of its partition. Where
 * there is none either it is an `INVALID_TIMESTAMP`.
 *
 * @example
 * ```ts
 * builder.stream('in', {
 *   key: serdes.string, value: serdes.string, timestampExtractor: usePartitionTimeOnInvalidTimestamp,
 * })
 * // in : ('a', 'x') at 5 ('b', 'y') at -1
 * // out: ('a', 'x') at 5 ('b', 'y') at 5
 * ```
 */
export function usePartitionTimeOnInvalidTimestamp({
  timestamp,
  partitionTime,
}: ExtractedRecord): number {
  if (timestamp >= 0) return timestamp
  if (partitionTime >= 0) return partitionTime
  throw new InvalidTimestampError(timestamp, 'is negative, and no record before it has a time')
}

/**
 * The time at which the record is read, by the clock: processing time in place of event time.
 *
 * @example
 * ```ts
 * builder.stream('in', {
 *   key: serdes.string, value: serdes.string, timestampExtractor: wallclockTimestampExtractor,
 * })
 * // in : ('a', 'x') at 5
 * // out: ('a', 'x'), at the time of now
 * ```
 */
export function wallclockTimestampExtractor({ wallClock }: ExtractedRecord): number {
  return wallClock
}
