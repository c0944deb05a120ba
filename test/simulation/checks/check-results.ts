import type { MemorySchema } from '../../../src/database/memory/memory-schema.ts'
import { groupBy } from '../../../src/model/group-by.ts'
import type { Entry, Observed } from '../workload/workload.ts'
import { groupOf, TOPICS } from '../workload/topology.ts'
import { readTopic, type OutputRecord } from './output.ts'
import { readPositions, readStore } from './tables.ts'

/** What has to be true when everything has come to its end: what is not is told, in words. */
export function checkResults(entries: readonly Entry[], { broker, schema }: Observed): string[] {
  const listed = entries.filter(({ topic }) => topic === TOPICS.entries)
  const byKey = groupBy(listed, ({ keyText }) => keyText)
  const byGroup = groupBy(listed, ({ text }) => groupOf(text))
  const lists = readTopic(broker, TOPICS.byKey)
  const groups = readTopic(broker, TOPICS.byGroup)
  const counts = readTopic(broker, TOPICS.counts)
  return [
    ...checkLists(TOPICS.byKey, lists, byKey, (found, expected) => found === expected),
    ...checkLists(TOPICS.byGroup, groups, byGroup, hasSameEntries),
    ...checkCounts(counts, byGroup),
    ...checkCopies(entries, readTopic(broker, TOPICS.copied)),
    ...checkRows(schema, 'by_key', lists),
    ...checkRows(schema, 'by_group', groups),
    ...checkRows(schema, 'counts', counts),
  ]
}

/** As many entries are listed as were read, after each COMMIT. */
export function checkListed({ schema }: Observed): string[] {
  const listed = new Map<number, number>()
  for (const { partition, value } of readStore(schema, 'by_key'))
    listed.set(partition, (listed.get(partition) ?? 0) + value.split(',').length - 1)
  return readPositions(schema).flatMap(({ task, topic, partition, nextOffset }) => {
    const count = listed.get(partition) ?? 0
    if (topic !== TOPICS.entries || BigInt(count) === nextOffset) return []
    return [`${task} has read ${nextOffset} entries and lists ${count}`]
  })
}

/** Each list goes on from the one before, and the last has everything. */
function checkLists(
  topic: string,
  found: readonly OutputRecord[],
  expected: ReadonlyMap<string, readonly Entry[]>,
  isRight: (found: string, expected: string) => boolean,
): string[] {
  return [...expected].flatMap(([key, entries]) => {
    const values = found.filter((record) => record.key === key).map(({ value }) => value)
    const broken = values.find((value, index) => index > 0 && !goesOn(values[index - 1]!, value))
    if (broken !== undefined)
      return [`${topic} ${key}: ${broken} does not go on from what came before`]
    const whole = entries.map(({ text }) => `${text},`).join('')
    const last = values.at(-1) ?? ''
    return isRight(last, whole) ? [] : [`${topic} ${key}: ${last} is not ${whole}`]
  })
}

function goesOn(before: string, after: string): boolean {
  return after.length > before.length && after.startsWith(before)
}

/** In any order: they came over several partitions. */
function hasSameEntries(found: string, expected: string): boolean {
  const sorted = (list: string) => list.split(',').sort().join()
  return sorted(found) === sorted(expected)
}

function checkCounts(
  found: readonly OutputRecord[],
  expected: ReadonlyMap<string, readonly Entry[]>,
): string[] {
  return [...expected].flatMap(([key, entries]) => {
    const counts = found.filter((record) => record.key === key).map(({ value }) => Number(value))
    const isRising = counts.every((count, index) => index === 0 || count > counts[index - 1]!)
    return isRising && counts.at(-1) === entries.length
      ? []
      : [`counts ${key}: ${counts.join(' ')} do not rise to ${entries.length}`]
  })
}

function checkCopies(entries: readonly Entry[], found: readonly OutputRecord[]): string[] {
  const plain = groupBy(
    entries.filter(({ topic }) => topic === TOPICS.plain),
    ({ partition }) => partition,
  )
  return [...plain].flatMap(([partition, ofPartition]) => {
    const copies = found
      .filter((record) => record.partition === partition)
      .map(({ value }) => value)
    const wanted = ofPartition.map(({ text }) => `${text}!`)
    return copies.join() === wanted.join()
      ? []
      : [`copied ${partition}: ${copies.join()} is not ${wanted.join()}`]
  })
}

/** Rows are what was last said of them. */
function checkRows(schema: MemorySchema, table: string, found: readonly OutputRecord[]): string[] {
  const last = new Map(found.map(({ key, value }) => [key, value]))
  return readStore(schema, table)
    .filter(({ key, value }) => value !== last.get(key))
    .map(
      ({ key, value }) => `table ${table}, ${key}: ${value}, but the topic says ${last.get(key)}`,
    )
}
