import type { Random } from '../../support/random.ts'
import { spreadEntries } from './spread-entries.ts'
import { TOPICS } from './topology.ts'
import type { Entry, EntryOptions } from './workload.ts'

const KEYS = 5

/** What is written to the input topics. */
export function createEntries(random: Random, options: EntryOptions): Entry[] {
  const place = (index: number) => ({
    topic: random() < 0.7 ? TOPICS.entries : TOPICS.plain,
    timestamp: index,
  })
  return spreadEntries(random, options, { keys: KEYS, place })
}
