import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import type { Random } from '../../support/random.ts'
import { TOPICS } from './topology.ts'
import type { Entry, EntryOptions } from './workload.ts'

const KEYS = 5

/** What is written to the input topics, in order: each value once, so that every one can be told from the others. */
export function createEntries(
  random: Random,
  { partitions, count, overMs }: EntryOptions,
): Entry[] {
  const times = Array.from({ length: count }, () => random() * overMs).sort((a, b) => a - b)
  return times.map((at, index) => {
    const keyText = `k${Math.floor(random() * KEYS)}`
    const text = `${index}`
    const key = Buffer.from(keyText)
    const topic = random() < 0.7 ? TOPICS.entries : TOPICS.plain
    const partition = partitionOf(key, partitions)
    const value = Buffer.from(text)
    return {
      topic,
      partition,
      timestamp: index,
      key,
      value,
      headers: NO_HEADERS,
      text,
      keyText,
      at,
    }
  })
}
