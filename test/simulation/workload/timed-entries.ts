import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import type { Random } from '../../support/random.ts'
import { CLOCKWORK_TOPICS } from './clockwork.ts'
import type { Entry, EntryOptions } from './workload.ts'

const KEYS = 4
const STEP_MS = 100
/** Less than the windows' grace: nothing comes too late. */
const DISORDER_MS = 400

/** What is written to the clockwork, each value once: times go on, not quite in order. */
export function createTimedEntries(
  random: Random,
  { partitions, count, overMs }: EntryOptions,
): Entry[] {
  const times = Array.from({ length: count }, () => random() * overMs).sort((a, b) => a - b)
  return times.map((at, index) => {
    const keyText = `k${Math.floor(random() * KEYS)}`
    const text = `${index}`
    const key = Buffer.from(keyText)
    const { timed, left, right } = CLOCKWORK_TOPICS
    const topic = random() < 0.6 ? timed : random() < 0.5 ? left : right
    const timestamp = DISORDER_MS + index * STEP_MS - Math.floor(random() * DISORDER_MS)
    const where = { topic, partition: partitionOf(key, partitions) }
    return {
      ...{ ...where, timestamp, key, value: Buffer.from(text), headers: NO_HEADERS },
      ...{ text, keyText, at },
    }
  })
}
