import { describe, expect, test, jest } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { memory } from '../../../src/testing/memory.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { countDrops } from '../../support/counted-drops.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }
const WINDOW = { beforeMs: 10, afterMs: 10, graceMs: 5 }

function clicksWithViews(kind: 'join' | 'outerJoin'): Topology {
  const builder = new StreamsBuilder()
  const clicks = builder.stream('clicks', SERDES)
  const views = builder.stream('views', SERDES)
  const pair = (click: string | null, view: string | null) => `${click}/${view}`
  const options = { ...WINDOW, store: 'pages' }
  const joined =
    kind === 'join' ? clicks.join(views, pair, options) : clicks.outerJoin(views, pair, options)
  joined.to('out', { value: string })
  return builder.build()
}

async function openJoin(kind: 'join' | 'outerJoin', database = memory()) {
  const driver = await openDriver(clicksWithViews(kind), { database })
  return {
    driver,
    clicks: driver.createInputTopic('clicks', SERDES),
    views: driver.createInputTopic('views', SERDES),
    output: driver.createOutputTopic('out', SERDES),
  }
}

test('records of one key and time all find their partners, in the order in which they came', async () => {
  const { clicks, views, output } = await openJoin('join')
  for (const value of ['a', 'b', 'c']) await views.pipeInput({ key: 'k', value, timestamp: 5 })
  await clicks.pipeInput({ key: 'k', value: '1', timestamp: 0 })
  expect(output.readRecords().map(({ value, timestamp }) => [value, timestamp])).toEqual([
    ['1/a', 5],
    ['1/b', 5],
    ['1/c', 5],
  ])
})

describe('what survives a restart', () => {
  test('records of either side are still found', async () => {
    const { driver, clicks, views, output } = await openJoin('join')
    await views.pipeInput({ key: 'k', value: 'a', timestamp: 5 })
    await driver.restart()
    await views.pipeInput({ key: 'k', value: 'b', timestamp: 5 })
    await clicks.pipeInput({ key: 'k', value: '1', timestamp: 5 })
    expect(output.readKeyValues().map(([, value]) => value)).toEqual(['1/a', '1/b'])
  })

  test('records that have no partner yet go on when their window closes, with the headers of who closed it', async () => {
    const { driver, clicks, views, output } = await openJoin('outerJoin')
    await clicks.pipeInput({ key: 'b', value: '1', timestamp: 3 })
    await clicks.pipeInput({ key: 'a', value: '2', timestamp: 3 })
    await views.pipeInput({ key: 'c', value: '3', timestamp: 3 })
    await driver.restart()
    const headers = [['h', Buffer.from('x')]] as const
    await views.pipeInput({ key: 'z', value: '9', timestamp: 19, headers })
    // The right side first, then by the bytes of the key.
    expect(
      output
        .readRecords()
        .map(({ key, value, timestamp, headers }) => [...[key, value, timestamp], headers.length]),
    ).toEqual([
      ['c', 'null/3', 3, 1],
      ['a', '2/null', 3, 1],
      ['b', '1/null', 3, 1],
    ])
  })

  test('a record that was too late before is too late afterwards', async () => {
    const { driver, clicks, views, output } = await openJoin('join')
    await views.pipeInput({ key: 'k', value: 'old', timestamp: 0 })
    await views.pipeInput({ key: 'other', value: 'new', timestamp: 1_000 })
    await driver.restart()
    await clicks.pipeInput({ key: 'k', value: 'late', timestamp: 0 })
    expect(output.readRecords()).toEqual([])
  })
})

test('a record whose joiner throws goes on waiting: those that were to let it go are skipped meanwhile', async () => {
  let isCured = false
  const builder = new StreamsBuilder()
  const clicks = builder.stream('clicks', SERDES)
  clicks
    .leftJoin(
      builder.stream('views', SERDES),
      (click) => {
        if (click === 'bad' && !isCured) throw new RangeError('boom')
        return click
      },
      WINDOW,
    )
    .to('out', { value: string })
  const driver = await openDriver(builder.build(), { onError: 'skip' })
  const input = driver.createInputTopic('clicks', SERDES)
  const output = driver.createOutputTopic('out', SERDES)
  const values = () => output.readKeyValues().map(([, value]) => value)

  await input.pipeInput({ key: 'k', value: 'bad', timestamp: 0 })
  await input.pipeInput({ key: 'k', value: 'behind it', timestamp: 1 })
  await input.pipeInput({ key: 'k', value: 'skipped', timestamp: 100 })
  await driver.restart()
  await input.pipeInput({ key: 'k', value: 'skipped', timestamp: 200 })
  expect(values()).toEqual([])
  isCured = true
  await input.pipeInput({ key: 'k', value: 'last', timestamp: 300 })
  expect(values()).toEqual(['bad', 'behind it'])
})

test.each(['join', 'outerJoin'] as const)(
  'a record that the windows of a %s cannot keep is refused before it is joined',
  async (kind) => {
    const refusing = { ...string, name: 'refusing', column: { ...string.column, toCell: notBad } }
    const builder = new StreamsBuilder()
    const clicks = builder.stream('clicks', { key: string, value: refusing })
    const views = builder.stream('views', SERDES)
    const [pair, seen] = [
      (click: string | null, view: string | null) => `${click}/${view}`,
      jest.fn(),
    ]
    const joined =
      kind === 'join' ? clicks.join(views, pair, WINDOW) : clicks.outerJoin(views, pair, WINDOW)
    joined.foreach((_, value) => seen(value))
    const letters = { onError: 'dead-letter', deadLetterQueueTopic: 'letters' } as const
    const driver = await openDriver(builder.build(), letters)
    const pipe = (topic: string, value: string, timestamp: number) =>
      driver.createInputTopic(topic, SERDES).pipeInput({ key: 'k', value, timestamp })
    await pipe('views', 'a', 1)
    await pipe('clicks', 'bad', 2)
    await pipe('views', 'b', 3)
    expect(seen).not.toHaveBeenCalledWith(expect.stringContaining('bad'))
    expect(driver.createOutputTopic('letters', SERDES).readValues()).toEqual(['bad'])
  },
)

function notBad(value: string): string {
  if (value === 'bad') throw new RangeError('boom')
  return value
}

test('a window that ends before it begins, and times that are none, are refused', () => {
  const builder = new StreamsBuilder()
  const stream = builder.stream('in', SERDES)
  const joinIn = (window: { beforeMs: number; afterMs: number; graceMs?: number }) => () =>
    stream.join(stream, (one, other) => one + other, window)
  expect(joinIn({ beforeMs: 5, afterMs: -6 })).toThrow('leave no time between')
  expect(joinIn({ beforeMs: 1.5, afterMs: 0 })).toThrow('whole milliseconds, not 1.5')
  expect(joinIn({ beforeMs: 1, afterMs: 0, graceMs: -1 })).toThrow('must not be negative')
})

test('a stream of another builder is refused', () => {
  const other = new StreamsBuilder().stream('in', SERDES)
  const stream = new StreamsBuilder().stream('in', SERDES)
  expect(() => stream.join(other, (one) => one, WINDOW)).toThrow('of the same StreamsBuilder')
})

test('two joins of a stream whose key has changed read one repartition topic', () => {
  const builder = new StreamsBuilder()
  const orders = builder.stream('orders', SERDES).selectKey((_, order) => order)
  const one = builder.stream('one', SERDES)
  const two = builder.stream('two', SERDES)
  for (const other of [one, two]) orders.join(other, (a, b) => a + b, WINDOW)
  const { internalTopics } = builder.build().forApplication('app')
  expect(internalTopics.map(({ topic }) => topic)).toEqual([
    'app-KSTREAM-KEY-SELECT-0000000001-repartition',
  ])
})

describe('lateRecords', () => {
  /** The click at 10 is late by one: 10 + 10 + 5 is before 26. */
  async function joinLate(lateRecords?: 'joined' | 'dropped') {
    const drops = countDrops()
    const builder = new StreamsBuilder()
    builder
      .stream('clicks', SERDES)
      .outerJoin(builder.stream('views', SERDES), (click, view) => `${click}/${view}`, {
        ...{ ...WINDOW, store: 'pages' },
        ...(lateRecords && { lateRecords }),
      })
      .to('out', { value: string })
    const driver = await openDriver(builder.build())
    const clicks = driver.createInputTopic('clicks', SERDES)
    const views = driver.createInputTopic('views', SERDES)
    await views.pipeInput({ key: 'k', value: 'a', timestamp: 15 })
    await views.pipeInput({ key: 'other', value: 'x', timestamp: 26 })
    await driver.restart()
    await clicks.pipeInput({ key: 'k', value: 'late', timestamp: 10 })
    await clicks.pipeInput({ key: 'k', value: 'in time', timestamp: 11 })
    await views.pipeInput({ key: 'k', value: 'late too', timestamp: 10 })
    const values = driver.createOutputTopic('out', SERDES).readValues()
    return { values, reasons: drops.map(({ attributes }) => attributes['reason']) }
  }

  test('are joined with what is still there, as in Kafka Streams', async () => {
    const { values, reasons } = await joinLate()
    expect(values).toEqual(['late/a', 'in time/a', 'late/late too', 'in time/late too'])
    expect(reasons).toEqual([])
  })

  test('are dropped and counted, if asked for, and are no partners', async () => {
    const { values, reasons } = await joinLate('dropped')
    expect(values).toEqual(['in time/a'])
    expect(reasons).toEqual(['late', 'late'])
  })

  test('are nothing else', () => {
    const late = 'ignored' as 'dropped'
    const builder = new StreamsBuilder()
    const join = () =>
      builder.stream('in', SERDES).join(builder.stream('other', SERDES), (one) => one, {
        ...{ ...WINDOW, lateRecords: late },
      })
    expect(join).toThrow("lateRecords of a join is 'joined' or 'dropped', not 'ignored'")
  })
})
