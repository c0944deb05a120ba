import { groupBy } from '../../../src/model/group-by.ts'
import {
  ALARM_MS,
  CLOCKWORK_TOPICS,
  GRACE_MS,
  JOIN_MS,
  WAITING,
  WINDOW_MS,
} from '../workload/clockwork.ts'
import type { Entry, Observed } from '../workload/workload.ts'
import { readTopic, type OutputRecord } from './output.ts'
import { readStore } from './tables.ts'

/** What the clockwork has to have told, from a plain account of each partition: nothing missing, nothing twice, in order. */
export function checkClockwork(entries: readonly Entry[], { broker, schema }: Observed): string[] {
  const { timed, left, right, closed, suppressed, rung, punctuated, joined } = CLOCKWORK_TOPICS
  const of = (topic: string) => entries.filter((entry) => entry.topic === topic)
  const partitions = [...groupBy(of(timed), ({ partition }) => partition).values()]
  const inWindows = partitions.flatMap(closedWindows)
  return [
    ...compare(closed, told(readTopic(broker, closed)), inWindows),
    ...compare(suppressed, told(readTopic(broker, suppressed)), inWindows),
    ...compare(rung, told(readTopic(broker, rung)), partitions.flatMap(alarms)),
    ...compare(joined, told(readTopic(broker, joined)), pairs(of(left), of(right))),
    ...checkRounds(partitions, [
      ...readTopic(broker, punctuated).map(({ key, value }) => ({
        partition: partitionOf(key),
        value,
      })),
      ...readStore(schema, WAITING),
    ]),
  ]
}

/** As sets: that something came before something else shows in the texts. */
function compare(topic: string, found: readonly string[], expected: readonly string[]): string[] {
  const [is, shouldBe] = [found.toSorted().join(' '), expected.toSorted().join(' ')]
  return is === shouldBe ? [] : [`${topic}: ${is} is not ${shouldBe}`]
}

function told(records: readonly OutputRecord[]): string[] {
  return records.map(({ key, value }) => `${key}=${value}`)
}

/** The windows that the last entry, or one before it, has closed. */
function closedWindows(entries: readonly Entry[]): string[] {
  const streamTime = Math.max(...entries.map(({ timestamp }) => timestamp))
  const windowOf = ({ keyText, timestamp }: Entry) =>
    `${keyText}@${timestamp - (timestamp % WINDOW_MS)}`
  return [...groupBy(entries, windowOf)]
    .filter(([name]) => Number(name.split('@')[1]) + WINDOW_MS + GRACE_MS <= streamTime)
    .map(([name, inWindow]) => `${name}=${listOf(inWindow)}`)
}

/** What rings, as one who hears the entries of a partition one after the other would set and stop the alarms. */
function alarms(entries: readonly Entry[]): string[] {
  const set = new Map<string, { readonly at: number; readonly list: string }>()
  const rings: string[] = []
  const ring = (until: number) => {
    for (const [key, { at, list }] of [...set].toSorted(([, a], [, b]) => a.at - b.at))
      if (at <= until && set.delete(key)) rings.push(`${key}=${list}@${at}`)
  }
  let streamTime = -1
  for (const { keyText, text, timestamp } of entries) {
    if (timestamp > streamTime) ring(timestamp - 1)
    streamTime = Math.max(streamTime, timestamp)
    const list = `${set.get(keyText)?.list ?? ''}${text},`
    set.set(keyText, { at: timestamp + ALARM_MS, list })
    ring(streamTime)
  }
  return rings
}

function pairs(left: readonly Entry[], right: readonly Entry[]): string[] {
  return left.flatMap((one) =>
    right
      .filter(
        (other) =>
          one.keyText === other.keyText && Math.abs(one.timestamp - other.timestamp) <= JOIN_MS,
      )
      .map((other) => `${one.keyText}=${one.text}+${other.text}`),
  )
}

/** What was told in each round, and what waits for the next, is all there was. */
function checkRounds(
  partitions: readonly (readonly Entry[])[],
  found: readonly Pick<OutputRecord, 'partition' | 'value'>[],
): string[] {
  const lists = groupBy(found, ({ partition }) => partition)
  return partitions.flatMap((entries) => {
    const { partition } = entries[0]!
    const is = (lists.get(partition) ?? []).map(({ value }) => value).join('')
    const shouldBe = listOf(entries)
    return is === shouldBe ? [] : [`rounds of ${partition}: ${is} is not ${shouldBe}`]
  })
}

/** Of a task, by its id. */
function partitionOf(taskId: string): number {
  return Number(taskId.split('_')[1])
}

function listOf(entries: readonly Entry[]): string {
  return entries.map(({ text }) => `${text},`).join('')
}
