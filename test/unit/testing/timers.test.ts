import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { memory } from '../../../src/database/memory/index.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TimerType } from '../../../src/stores/contract/timers.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { Processor } from '../../../src/topology/processor/processor.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const text = { key: string, value: string }
type Text = Processor<string, string>

/** A record `a 100` sets the timer `a`, `a` alone deletes it, `?a` tells of it. */
const reminder = (type: TimerType = 'stream-time'): Text => ({
  process({ key, value, timestamp }, context) {
    const { timers } = context
    const [name, at] = value.split(' ')
    if (at !== undefined) timers.set(name!, Number(at), type)
    else if (value.startsWith('?')) {
      const time = String(timers.get(value.slice(1))?.at)
      return context.forward({ key, value: time, timestamp, headers: NO_HEADERS })
    } else timers.delete(value)
    return undefined
  },
  onTimer({ key, at }, context) {
    const place = context.recordMetadata ? ' with a place' : ''
    const value = `${at} at ${context.currentStreamTimeMs}${place}`
    return context.forward({ key, value, timestamp: at, headers: NO_HEADERS })
  },
})

function topologyOf(processor: () => Text) {
  const builder = new StreamsBuilder()
  builder.stream('in', text).process({ get: processor }, { name: 'reminder' }).to('out', text)
  return builder.build()
}

async function open(
  processor: () => Text = () => reminder(),
  options: TopologyTestDriverOptions = {},
) {
  const driver = await openDriver(topologyOf(processor), options)
  const input = driver.createInputTopic('in', text)
  const output = driver.createOutputTopic('out', text)
  return {
    driver,
    pipe: (value: string, timestamp = 0) => input.pipeInput({ key: 'k', value, timestamp }),
    read: () => output.readKeyValues(),
  }
}

describe('by stream time', () => {
  test('a timer comes before the first record of a later time, at its own time', async () => {
    const { pipe, read } = await open()
    await pipe('a 100', 0)
    await pipe('?a', 99)
    expect(read()).toEqual([['k', '100']])
    await pipe('?a', 101)
    expect(read()).toEqual([['a', '100 at 100'], ['k', 'undefined']]) // prettier-ignore
    await pipe('?a', 500)
    expect(read()).toEqual([['k', 'undefined']])
  })

  test('and after a record of its time', async () => {
    const { pipe, read } = await open()
    await pipe('a 100', 0)
    await pipe('?a', 100)
    expect(read()).toEqual([['k', '100'], ['a', '100 at 100']]) // prettier-ignore
  })

  test('several come by time, then by key', async () => {
    const { pipe, read } = await open()
    for (const value of ['c 30', 'b 20', 'd 20', 'a 40', 'e 90']) await pipe(value, 0)
    await pipe('none', 50)
    expect(read().map(([key]) => key)).toEqual(['b', 'd', 'c', 'a'])
  })

  test('one that is set again has the new time, one that is deleted does not come', async () => {
    const { pipe, read } = await open()
    for (const value of ['a 10', 'a 30', 'b 10', 'b']) await pipe(value, 0)
    await pipe('none', 20)
    expect(read()).toEqual([])
    await pipe('none', 40)
    expect(read()).toEqual([['a', '30 at 30']])
  })

  test('one whose time has passed comes after the record', async () => {
    const { pipe, read } = await open()
    await pipe('a 10', 50)
    expect(read()).toEqual([['a', '10 at 50']])
  })
})

test('by the wall clock a timer comes when the clock says so', async () => {
  const { driver, pipe, read } = await open(() => reminder('wall-clock'), {
    clock: { now: () => 1_000, sleep: () => Promise.resolve() },
  })
  await pipe('a 1500')
  await pipe('none', 9_000)
  await driver.advanceWallClockTime(499)
  expect(read()).toEqual([])
  await driver.advanceWallClockTime(1)
  expect(read()).toEqual([['a', '1500 at 9000']])
  await driver.advanceWallClockTime(10_000)
  expect(read()).toEqual([])
})

test('a whole application has them too, and a new instance goes on with them', async () => {
  let now = 0
  const clock = { now: () => now, sleep: () => new Promise<void>((r) => void setTimeout(r, 1)) }
  const { driver, pipe, read } = await open(() => reminder('wall-clock'), {
    kafka: memoryKafka(),
    partitions: 2,
    clock,
  })
  await pipe('a 1500')
  await driver.restart()
  expect(read()).toEqual([])
  now = 2_000
  await driver.advanceWallClockTime(0)
  expect(read()).toEqual([['a', '1500 at 0']])
})

test('a crash between a timer and the commit lets it come again, and what came of it is lost', async () => {
  let commits = false
  const { driver, pipe, read } = await open(undefined, { commitsAfter: () => commits })
  await pipe('a 100', 0)
  await driver.commit()
  await pipe('x', 200)
  expect(read()).toEqual([])
  commits = true
  await driver.restart()
  await driver.commit()
  expect(read()).toEqual([['a', '100 at 100']])
  await driver.restart()
  await pipe('x', 300)
  expect(read()).toEqual([])
})

test('each comes once, before later records, whenever it crashes', async () => {
  const step = fc.record({
    sets: fc.option(fc.nat({ max: 30 }), { nil: undefined }),
    key: fc.constantFrom('a', 'b', 'c'),
    later: fc.nat({ max: 8 }),
    end: fc.constantFrom('none', 'commit', 'crash'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
      const { driver, pipe, read } = await open(undefined, { commitsAfter: () => false })
      const expected: string[][] = []
      const model = new Map<string, number>()
      let now = 0
      const fire = (until: number, streamTime: number) => {
        const due = [...model].filter(([, at]) => at <= until)
        for (const [key, at] of due.toSorted(([k, a], [l, b]) => a - b || (k < l ? -1 : 1))) {
          model.delete(key)
          expected.push([key, `${at} at ${Math.max(at, streamTime)}`])
        }
      }
      for (const { sets, key, later, end } of steps) {
        const before = now
        now += later
        fire(now - 1, before)
        if (sets === undefined) model.delete(key)
        else model.set(key, sets)
        fire(now, now)
        await pipe(sets === undefined ? key : `${key} ${sets}`, now)
        if (end === 'crash') await driver.restart()
        else if (end === 'commit') await driver.commit()
      }
      await driver.commit()
      expect(read()).toEqual(expected)
      await driver.close()
    }),
    { numRuns: 60 },
  )
}, 30_000)

test('what onTimer throws is for the failure policy: the timer is over where it says skip', async () => {
  const failing = (): Text => ({
    ...reminder(),
    onTimer: () => Promise.reject(new RangeError('no')),
  })
  const skipping = await open(failing, { onError: { processing: 'skip' } })
  await skipping.pipe('a 1', 0)
  await skipping.pipe('?a', 5)
  expect(skipping.read()).toEqual([['k', 'undefined']])

  const stopping = await open(failing)
  await stopping.pipe('a 1', 0)
  await expect(stopping.pipe('x', 5)).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    message: expect.stringContaining('reminder'),
  })
})

test.each([
  ['a', Number.NaN, TypeError, 'no number of milliseconds'],
  ['a', 1.5, TypeError, 'no number of milliseconds'],
  ['a\0', 1, undefined, 'holds U+0000'],
  ['\ud800', 1, undefined, 'lone surrogate'],
  ['é'.repeat(1_300), 1, undefined, 'limit is 2500'],
])('%j at %d is refused', async (key, at, type, message) => {
  const { pipe } = await open(() => ({
    process: (_, { timers }) => timers.set(key, at),
    onTimer: () => undefined,
  }))
  const error = await pipe('x').catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ message: expect.stringContaining(message) })
  if (type) expect((error as { cause: unknown }).cause).toBeInstanceOf(type)
  else expect(error).toMatchObject({ code: 'STORE_REFUSED' })
})

test('a processor without onTimer can set none', async () => {
  const { pipe } = await open(() => ({ process: (_, { timers }) => timers.set('a', 1) }))
  await expect(pipe('x')).rejects.toThrow(
    'the processor of reminder has no method onTimer, so it can set no timers',
  )
})

test('timers of a processor without onTimer are told of, and do nothing', async () => {
  const [database, kafka] = [memory(), memoryKafka()]
  const first = await open(undefined, { database, kafka })
  await first.pipe('a 10')
  await first.driver.close()
  const { logger, lines } = recordingLogger()
  const without = () => ({ process: () => undefined })
  const second = await open(without, { database, kafka, logger })
  await second.pipe('x', 50)
  expect(lines).toMatchObject([{ level: 'warn', fields: { task: '0_0', nodes: ['reminder'] } }])
})
