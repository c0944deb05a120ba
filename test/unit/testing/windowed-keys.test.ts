import { expect, test } from '@jest/globals'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import type { Windowed } from '../../../src/model/windowed.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../../src/topology/windows/session-windows.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { openDriver } from './support/open-driver.ts'

const { string, int64 } = serdes
const SERDES = { key: string, value: string }
const KEYS = ['tea', 'milk', 'sugar', 'honey', 'lemon', 'mint']
const PARTITIONS = 5
const minutes = serdes.timeWindowed(string, 60_000)
const sessions = serdes.sessionWindowed(string)

/** Writes windowed counts, directly or by way of a repartition topic. */
function counts(way: 'to' | 'repartition' | 'sessions') {
  const builder = new StreamsBuilder()
  const group = builder.stream('in', SERDES).groupByKey()
  if (way === 'sessions') {
    const counted = group.windowedBy(SessionWindows.of({ gapMs: 5 })).count()
    const stream = counted.toStream().filter((_, count) => count !== null)
    stream.to('out', { key: sessions, value: int64 })
    return builder.build()
  }
  const stream = group
    .windowedBy(TimeWindows.of({ sizeMs: 60_000 }))
    .count()
    .toStream()
  if (way === 'to') stream.to('out', { key: minutes, value: int64 })
  else
    stream
      .mapValues(BigInt)
      .repartition({ name: 'by-window', key: minutes, value: int64 })
      .process((record, context) => {
        const { partition = -1 } = context.recordMetadata ?? {}
        return context.forward({ ...record, value: BigInt(partition) })
      })
      .to('out', { key: minutes, value: int64 })
  return builder.build()
}

async function written(way: 'to' | 'repartition' | 'sessions', key: Serde<Windowed<string>>) {
  const driver = await openDriver(counts(way), { partitions: PARTITIONS })
  const input = driver.createInputTopic('in', SERDES)
  for (const timestamp of [0, 70_000, 2 ** 40])
    await input.pipeInputs(KEYS.map((one) => ({ key: one, value: 'x', timestamp })))
  const records = driver.createOutputTopic('out', { key, value: int64 }).readRecords()
  return records.map((one) => ({ ...one, key: one.key!.key }))
}

const innerPartition = (key: string) => partitionOf(Buffer.from(key), PARTITIONS)

test.each([
  ['to', minutes],
  ['sessions', sessions],
] as const)(
  'all windows of a key are written to the partition of that key: %s',
  async (way, key) => {
    const records = await written(way, key)
    expect(records).toHaveLength(3 * KEYS.length)
    for (const record of records) expect(record.partition).toBe(innerPartition(record.key))
  },
)

test('and so they are when they are repartitioned', async () => {
  const records = await written('repartition', minutes)
  expect(records).toHaveLength(3 * KEYS.length)
  for (const { key, value } of records) expect(Number(value)).toBe(innerPartition(key))
})
