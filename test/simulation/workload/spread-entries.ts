import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import type { Random } from '../../support/random.ts'
import type { Entry, EntryOptions } from './workload.ts'

/** What differs from one application's input to another's. */
export interface EntryKind {
  /** How many keys there are. */
  readonly keys: number
  /** Draws where an entry goes, and its time. */
  readonly place: (index: number) => Pick<Entry, 'topic' | 'timestamp'>
}

/** Entries spread over a time, in order: each value once, so that every one can be told from the others. */
export function spreadEntries(
  random: Random,
  { partitions, count, overMs }: EntryOptions,
  { keys, place }: EntryKind,
): Entry[] {
  const times = Array.from({ length: count }, () => random() * overMs).sort((a, b) => a - b)
  return times.map((at, index) => {
    const keyText = `k${Math.floor(random() * keys)}`
    const text = `${index}`
    const key = Buffer.from(keyText)
    const partition = partitionOf(key, partitions)
    return {
      ...{ ...place(index), partition, key, value: Buffer.from(text), headers: NO_HEADERS },
      ...{ text, keyText, at },
    }
  })
}
