/** The last millisecond since the epoch that a `Date`, and the column of a database, can hold (ECMA-262, time values): in the year 275760. */
export const TIMESTAMP_MAX_MS = 8_640_000_000_000_000

/** Whether a number can be the time of a record: whole milliseconds from the epoch to {@link TIMESTAMP_MAX_MS}. */
export function isTimestamp(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= TIMESTAMP_MAX_MS
}
