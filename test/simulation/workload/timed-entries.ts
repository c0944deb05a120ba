import type { Random } from '../../support/random.ts'
import { CLOCKWORK_TOPICS } from './clockwork.ts'
import { spreadEntries } from './spread-entries.ts'
import type { Entry, EntryOptions } from './workload.ts'

const KEYS = 4
const STEP_MS = 100
/** Less than the windows' grace: nothing comes too late. */
const DISORDER_MS = 400

/** What is written to the clockwork: times go on, not quite in order. */
export function createTimedEntries(random: Random, options: EntryOptions): Entry[] {
  const { timed, left, right } = CLOCKWORK_TOPICS
  const place = (index: number) => ({
    topic: random() < 0.6 ? timed : random() < 0.5 ? left : right,
    timestamp: DISORDER_MS + index * STEP_MS - Math.floor(random() * DISORDER_MS),
  })
  return spreadEntries(random, options, { keys: KEYS, place })
}
