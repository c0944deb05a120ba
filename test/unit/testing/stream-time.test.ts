import { describe, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { usePartitionTimeOnInvalidTimestamp } from '../../../src/topology/processing/timestamp-extractors.ts'
import { StreamsBuilder, type StreamOptions } from '../../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../../src/topology/windows/session-windows.ts'
import { SlidingWindows } from '../../../src/topology/windows/sliding-windows.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { turns } from '../../support/turns.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const text = { key: string, value: string }
const NOW = 1_000_000

interface Sources {
  readonly builder: StreamsBuilder
  readonly stream: KStream<string, string, string, string>
}

async function open(
  define: (sources: Sources) => void,
  options: TopologyTestDriverOptions = {},
  source: Partial<StreamOptions<string, string>> = {},
) {
  const builder = new StreamsBuilder()
  const stream = builder.stream('in', { ...text, ...source, name: 'source' })
  define({ builder, stream })
  const clock = { now: () => NOW, sleep: () => Promise.resolve() }
  const { logger, lines } = recordingLogger()
  const driver = await openDriver(builder.build(), { clock, logger, ...options })
  const read = (topic: string) => driver.createOutputTopic(topic, text).readRecords()
  return {
    driver,
    lines,
    pipe: pipeTo(driver, 'in'),
    read: () => read('out').map(({ key, value, timestamp }) => [key, value, timestamp]),
  }
}

function pipeTo(driver: TopologyTestDriver, topic: string) {
  const input = driver.createInputTopic(topic, text)
  return (key: string, value: string, timestamp: number) =>
    input.pipeInput({ key, value, timestamp })
}

const sized = TimeWindows.of({ sizeMs: 100, graceMs: 10 })

const suppressed = ({ stream }: Sources) =>
  stream
    .groupByKey()
    .windowedBy(sized)
    .count({ store: 'counts' })
    .suppress({ until: 'window-closes' })
    .toStream()
    .map(({ key }, count) => [key, String(count)])
    .to('out', text)

const counted = ({ stream }: Sources, windows: 'time' | 'sliding' | 'session') => {
  const grouped = stream.groupByKey()
  const windowed = {
    time: () => grouped.windowedBy(sized),
    sliding: () => grouped.windowedBy(SlidingWindows.of({ differenceMs: 100, graceMs: 10 })),
    session: () => grouped.windowedBy(SessionWindows.of({ gapMs: 100, graceMs: 10 })),
  }[windows]()
  windowed
    .emitStrategy('on-window-close')
    .count({ store: 'counts' })
    .toStream()
    .map(({ key }, count) => [key, String(count)])
    .to('out', text)
}

const unmatched = ({ builder, stream }: Sources) =>
  stream
    .leftJoin(builder.stream('others', text), (left, right) => `${left}+${right}`, {
      ...{ beforeMs: 100, afterMs: 100, graceMs: 10, otherValue: string },
    })
    .to('out', text)

const buffered = ({ builder, stream }: Sources) =>
  stream
    .leftJoin(
      builder.table('rows', { ...text, store: 'rows', versioned: { historyRetentionMs: 1_000 } }),
      (left, right) => `${left}+${right}`,
      { graceMs: 110 },
    )
    .to('out', text)

const cases: [string, (sources: Sources) => void, unknown][] = [
  ['suppressed windows go on', suppressed, ['a', '1', 20]],
  ['time windows close', (sources) => counted(sources, 'time'), ['a', '1', 20]],
  ['sliding windows close', (sources) => counted(sources, 'sliding'), ['a', '1', 20]],
  ['sessions close', (sources) => counted(sources, 'session'), ['a', '1', 20]],
  ['records that wait for rows of their time go on', buffered, ['a', 'x+null', 20]],
  ['records without a partner go on', unmatched, ['a', 'x+null', 20]],
]

describe('without records', () => {
  test.each(cases)('%s when stream time goes on with the clock', async (_, define, result) => {
    const { driver, pipe, read } = await open(define, { streamTimeIdleMs: 50 })
    await pipe('a', 'x', 20)
    await driver.advanceWallClockTime(49)
    await driver.advanceWallClockTime(30)
    expect(read()).toEqual([])
    await driver.advanceWallClockTime(200)
    expect(read()).toEqual([result])
    await driver.restart()
    await driver.advanceWallClockTime(1_000)
    expect(read()).toEqual([])
  })

  test.each(cases)('%s only with a record unless that is asked for', async (_, define) => {
    const { driver, pipe, read } = await open(define)
    await pipe('a', 'x', 20)
    await driver.advanceWallClockTime(1_000_000)
    expect(read()).toEqual([])
  })

  test('what comes later for a window that has closed is late, after a restart too', async () => {
    const { driver, pipe, read, lines } = await open(suppressed, { streamTimeIdleMs: 50 })
    await pipe('a', 'x', 20)
    await driver.advanceWallClockTime(200)
    await driver.restart()
    await pipe('a', 'x', 20)
    await pipe('b', 'x', 500)
    expect(read()).toEqual([['a', '1', 20]])
    expect(lines).toMatchObject([{ fields: { reason: 'late', topic: 'in', offset: 1n } }])
  })

  type Below = (ticks: Sources['stream']) => void
  const below: [string, Below, TopologyTestDriverOptions][] = [
    ['goes to Kafka', (ticks) => ticks.to('out', text), { processingGuarantee: 'at_least_once' }],
    [
      'is under way in calls',
      (ticks) => ticks.mapValuesAsync(async (v) => (await turns(5), v)).to('out', text),
      {},
    ],
    [
      'is held back until a commit',
      (ticks) =>
        ticks.groupByKey().count({ store: 'counts' }).toStream().mapValues(String).to('out', text),
      {},
    ],
  ]

  test.each(below)('what a punctuation forwards lasts where it %s', async (_, define, options) => {
    const ticking = ({ stream }: Sources) => {
      const ticks = stream.process<string, string>({
        get: () => ({
          init: (context) =>
            void context.schedule(100, 'stream-time', (timestamp) =>
              context.forward({ key: 'a', value: '1', timestamp, headers: [] }),
            ),
          process: () => undefined,
        }),
      })
      define(ticks)
    }
    const { driver, pipe, read } = await open(ticking, { streamTimeIdleMs: 50, ...options })
    await pipe('a', 'x', 7)
    expect(read()).toEqual([['a', '1', 7]])
    await driver.advanceWallClockTime(60)
    expect(read()).toEqual([])
    await driver.advanceWallClockTime(60)
    expect(read()).toHaveLength(1)
  })

  test('time goes on by as much as the clock since the last record', async () => {
    const times: number[] = []
    const define = ({ stream }: Sources) =>
      stream.process({
        get: () => ({
          init: (context) => void context.schedule(1, 'stream-time', (at) => void times.push(at)),
          process: () => undefined,
        }),
      })
    const { driver, pipe } = await open(define, { streamTimeIdleMs: 50 })
    await driver.advanceWallClockTime(1_000)
    expect(times).toEqual([])
    await pipe('a', 'x', 7)
    for (const ms of [60, 40, 10, 50]) await driver.advanceWallClockTime(ms)
    await pipe('a', 'x', 200)
    await driver.advanceWallClockTime(50)
    expect(times).toEqual([7, 67, 117, 167, 200, 250])
  })
})

test('the time of a windowed store goes on where it was, whatever has come above it', async () => {
  const database = memory()
  const counted = (stream: KStream<string, string, string, string>) =>
    stream.groupByKey().windowedBy(sized).count({ store: 'counts' })
  const before = await open(({ stream }) => void counted(stream), { database })
  await before.pipe('a', 'x', 1_000)
  await before.driver.close()
  const after = await open(({ stream }) => void counted(stream.filter(() => true)), { database })
  await after.pipe('a', 'late', 2)
  expect(after.lines).toMatchObject([{ fields: { reason: 'late' } }])
})

describe('a record far in the future', () => {
  const copied = ({ stream }: Sources) => stream.to('out', text)

  test('is left out, counted and logged with its place, and time does not go by it', async () => {
    const { pipe, read, lines } = await open(suppressed, { timestampAheadMsMax: 1_000 })
    await pipe('a', 'x', NOW)
    await pipe('a', 'x', NOW + 1_001)
    await pipe('a', 'x', NOW)
    await pipe('b', 'x', NOW + 1_000)
    expect(read()).toEqual([['a', '2', NOW]])
    const place = { topic: 'in', partition: 0, offset: 1n }
    const reason = { reason: 'future-timestamp', node: 'source' }
    expect(lines).toMatchObject([{ level: 'warn', fields: { ...reason, task: '0_0', ...place } }])
  })

  test('does not move the time of the task, nor its timers and punctuations', async () => {
    const times: number[] = []
    const define = ({ stream }: Sources) =>
      stream.process({
        get: () => ({
          init: (context) => void context.schedule(1, 'stream-time', (at) => void times.push(at)),
          process: () => undefined,
        }),
      })
    const { pipe } = await open(define, { timestampAheadMsMax: 1_000 })
    for (const timestamp of [5, NOW * 2, 6]) await pipe('a', 'x', timestamp)
    expect(times).toEqual([5, 6])
  })

  test('has nanoseconds: the failure policy decides, and says where it is', async () => {
    const { pipe, read, lines } = await open(copied, { onError: 'skip' })
    await pipe('a', 'x', 1_764_000_000_000_000_000)
    await pipe('a', 'y', NOW)
    expect(read()).toEqual([['a', 'y', NOW]])
    const place = { topic: 'in', partition: 0, offset: 0n }
    expect(lines).toMatchObject([{ fields: { code: 'INVALID_TIMESTAMP', ...place } }])
  })

  test('moves time where there is no bound, as in Kafka Streams', async () => {
    const { pipe, read } = await open(suppressed)
    await pipe('a', 'x', NOW)
    await pipe('a', 'x', NOW + 1_000_000)
    expect(read()).toEqual([['a', '1', NOW]])
  })

  test('does not move the time that extractors see', async () => {
    const timestampExtractor = (
      record: Parameters<typeof usePartitionTimeOnInvalidTimestamp>[0],
    ) =>
      record.value === 'timeless'
        ? usePartitionTimeOnInvalidTimestamp({ ...record, timestamp: -1 })
        : record.timestamp
    const options = { timestampAheadMsMax: 1_000 }
    const { pipe, read } = await open(copied, options, { timestampExtractor })
    await pipe('a', 'x', 5)
    await pipe('a', 'far', NOW * 2)
    await pipe('a', 'timeless', 0)
    expect(read()).toEqual([['a', 'x', 5], ['a', 'timeless', 5]]) // prettier-ignore
  })

  test('may come when its time is near', async () => {
    const { driver, pipe, read } = await open(copied, { timestampAheadMsMax: 10 })
    await driver.advanceWallClockTime(100)
    await pipe('a', 'x', NOW + 105)
    expect(read()).toEqual([['a', 'x', NOW + 105]])
  })
})

test.each(['timestampAheadMsMax', 'streamTimeIdleMs'])('%s is a positive number', async (name) => {
  const refused = { code: 'CONFIGURATION_INVALID', message: expect.stringContaining(name) }
  await expect(open(suppressed, { [name]: 0 })).rejects.toMatchObject(refused)
})
