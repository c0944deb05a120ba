import { decodeRecords } from './decode-records.ts'
import { encodeRecords } from './encode-records.ts'
import type { EncodedRecords } from './encoded-records.ts'

/** A request and its answer cost more than encoding so much again. Guess. */
const SMALL_BYTES = 32 * 1024

/**
 * The batches of one partition, small neighbours made into one: a request takes one batch of a partition, so that many small
 * ones would be sent one after the other.
 */
export function mergeSmallRecords(batches: readonly EncodedRecords[]): EncodedRecords[] {
  const groups: EncodedRecords[][] = []
  for (const batch of batches) {
    const last = groups.at(-1)
    if (last && isSmall(batch) && last.every(isSmall)) last.push(batch)
    else groups.push([batch])
  }
  return groups.flatMap((group) =>
    group.length === 1 ? group : encodeRecords(group.flatMap(decodeRecords)),
  )
}

function isSmall({ bytes }: EncodedRecords): boolean {
  return bytes.length < SMALL_BYTES
}
