import type { ConsumedRecord } from '../model/record.ts'

/** Fetched records of one partition in offset order, decoded when they are taken: what waits is bytes. */
export interface FetchedRecords {
  /** How many have not been taken. */
  readonly count: number
  /** What all of them hold in memory until the last one is taken. */
  readonly bytes: number
  /**
   * Takes the next ones, at most so many.
   * @throws ConsumerFailedError `CONSUMER_FAILED` when the bytes are no records.
   */
  take(max: number): ConsumedRecord[]
}

/** Records that are decoded already. */
export function listRecords(records: readonly ConsumedRecord[]): FetchedRecords {
  let taken = 0
  return {
    bytes: records.reduce((sum, record) => sum + bytesOf(record), 0),
    get count() {
      return records.length - taken
    },
    take: (max) => {
      const next = records.slice(taken, taken + max)
      taken += next.length
      return next
    },
  }
}

function bytesOf({ key, value }: ConsumedRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}
