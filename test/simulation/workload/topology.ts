import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { append } from './append.ts'

const { string, int64 } = serdes
const strings = { key: string, value: string }

/** What the application reads and writes. */
export const TOPICS = {
  entries: 'entries',
  plain: 'plain',
  byKey: 'by-key',
  byGroup: 'by-group',
  counts: 'counts',
  copied: 'copied',
} as const

export const APPLICATION = 'simulated'
/** Entries of a key go to one group. */
const GROUPS = 3

/** The group of an entry: what behind a repartition topic it is counted and listed under. */
export function groupOf(entry: string): string {
  let sum = 0
  for (const char of entry) sum += char.charCodeAt(0)
  return `g${sum % GROUPS}`
}

/**
 * State that shows what was lost, came twice or out of order: lists of all entries, of a key and, behind a repartition topic, of a
 * group; counts that are combined before they are sent; and a sub-topology without state.
 */
export function journal(): Topology {
  const builder = new StreamsBuilder()
  const entries = builder.stream(TOPICS.entries, strings)
  entries
    .groupByKey()
    .aggregate({ init: () => '', add: append, store: 'by_key', value: string })
    .toStream()
    .to(TOPICS.byKey, strings)
  entries
    .groupBy((_key, entry) => groupOf(entry), { name: 'groups' })
    .aggregate({ init: () => '', add: append, store: 'by_group', value: string })
    .toStream()
    .to(TOPICS.byGroup, strings)
  entries
    .groupBy((_key, entry) => groupOf(entry), { name: 'counted' })
    .count({ store: 'counts' })
    .toStream()
    .to(TOPICS.counts, { key: string, value: int64 })
  builder
    .stream(TOPICS.plain, strings)
    .mapValues((value) => `${value}!`)
    .to(TOPICS.copied, strings)
  return builder.build()
}
