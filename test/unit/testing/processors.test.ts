import { describe, expect, test } from '@jest/globals'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { StreamRecord } from '../../../src/model/stream-record.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { systemClock } from '../../../src/telemetry/clock.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import type { ProcessorContext } from '../../../src/topology/processor/processor-context.ts'
import type {
  ProcessorFunction,
  ProcessorSupplier,
} from '../../../src/topology/processor/processor.ts'
import { stores, type StoreBuilder } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from './support/open-driver.ts'

const { string, int64 } = serdes
type Context = ProcessorContext<string, string>
type Text = ProcessorFunction<string, string> | ProcessorSupplier<string, string>

function topologyOf(processor: Text, attached: readonly (StoreBuilder | string)[] = []) {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string, name: 'source' })
    .process(processor, { name: 'processor', stores: attached })
    .to('out', { name: 'sink' })
  return builder.build()
}

async function run(
  processor: Text,
  attached: readonly StoreBuilder[] = [],
  options: TopologyTestDriverOptions = {},
) {
  const driver = await openDriver(topologyOf(processor, attached), options)
  const input = driver.createInputTopic('in', { key: string, value: string })
  const output = driver.createOutputTopic('out', { key: string, value: string })
  return {
    driver,
    pipe: (key: string, value: string, timestamp = 0) => input.pipeInput({ key, value, timestamp }),
    read: () => output.readRecords().map(({ key, value, timestamp }) => [key, value, timestamp]),
  }
}

const later = () => new Promise<void>((resolve) => setImmediate(resolve))

function failing(message: string): never {
  throw new RangeError(message)
}

test('a function forwards what it wants, with the time it gives', async () => {
  const { pipe, read } = await run((record, context) => {
    void context.forward({ ...record, value: `${record.value}!` })
    return context.forward({ ...record, key: 'b', timestamp: record.timestamp + 1 })
  })
  await pipe('a', 'x', 3)
  expect(read()).toEqual([
    ['a', 'x!', 3],
    ['b', 'x', 4],
  ])
})

test('an asynchronous processor keeps the order of records', async () => {
  const { pipe, read } = await run(async (record, context) => {
    if (record.value === 'slow') for (let turn = 0; turn < 5; turn++) await later()
    void context.forward(record)
  })
  await Promise.all([pipe('a', 'slow'), pipe('b', 'quick')])
  expect(read()).toEqual([
    ['a', 'slow', 0],
    ['b', 'quick', 0],
  ])
})

test('records that are forwarded without waiting keep their order below a store that must read', async () => {
  const builder = new StreamsBuilder()
  const seen = stores.keyValue({ name: 'seen', key: string, value: string })
  builder
    .stream('in', { key: string, value: string })
    .process<string, string>((record, context) => {
      for (const key of ['x', 'y', 'z']) void context.forward({ ...record, key })
    })
    .process<string, string>(
      async (record, context) => {
        await context.store(seen).get(record.key)
        await context.forward(record)
      },
      { stores: [seen] },
    )
    .to('out')
  const driver = await openDriver(builder.build())
  await driver
    .createInputTopic('in', { key: string, value: string })
    .pipeInput({ key: 'a', value: 'v' })
  const out = driver.createOutputTopic('out', { key: string, value: string })
  expect(out.readRecords().map(({ key }) => key)).toEqual(['x', 'y', 'z'])
})

test('a record can be forwarded to one child by its name', async () => {
  const builder = new StreamsBuilder()
  const processed = builder
    .stream('in', { key: string, value: string })
    .process<string, string>((record, context) => context.forward(record, 'second'))
  processed.to('out-1', { name: 'first' })
  processed.to('out-2', { name: 'second' })
  const driver = await openDriver(builder.build())
  await driver
    .createInputTopic('in', { key: string, value: string })
    .pipeInput({ key: 'a', value: 'v' })
  const countOf = (topic: string) =>
    driver.createOutputTopic(topic, { key: string, value: string }).readRecords().length
  expect([countOf('out-1'), countOf('out-2')]).toEqual([0, 1])
})

test('a child that is not there is an error that names the node and those that are', async () => {
  const { pipe } = await run((record, context) => context.forward(record, 'nobody'))
  await expect(pipe('a', 'x')).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    message: expect.stringContaining('node processor has no child nobody; it has sink'),
  })
})

test.each([-1, 1.5, Infinity, 9e15])(
  'a record of the time %d cannot be forwarded',
  async (timestamp) => {
    const { pipe } = await run((record, context) => context.forward({ ...record, timestamp }))
    await expect(pipe('a', 'x')).rejects.toMatchObject({ code: 'PROCESSING_FAILED' })
  },
)

test.each([
  ['at once', () => failing('boom')],
  ['later', () => later().then(() => failing('boom'))],
])('a processor that throws %s has its record left out, and no other', async (_, fail) => {
  const options = { onError: { processing: 'skip' as const } }
  const processor: Text = async (record, context) => {
    if (record.value === 'bad') await fail()
    await context.forward(record)
  }
  const { pipe, read } = await run(processor, [], options)
  await pipe('a', 'bad')
  await pipe('a', 'good')
  expect(read()).toEqual([['a', 'good', 0]])
})

test('what throws below a processor is an error of the node below', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .process<string, string>(async (record, context) => {
      // Even if it is swallowed here.
      await Promise.resolve(context.forward(record)).catch(() => undefined)
    })
    .mapValues(() => failing('boom'), { name: 'mapper' })
    .to('out')
  const driver = await openDriver(builder.build())
  const input = driver.createInputTopic('in', { key: string, value: string })
  await expect(input.pipeInput({ key: 'a', value: 'x' })).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    message: expect.stringContaining('node mapper failed: boom'),
  })
})

test('each task has a processor of its own, initialised before its first record and closed with it', async () => {
  const log: string[] = []
  let made = 0
  const supplier: ProcessorSupplier<string, string> = {
    get: () => {
      const number = ++made
      return {
        init: () => later().then(() => void log.push(`init ${number}`)),
        process: () => void log.push(`process ${number}`),
        close: () => void log.push(`close ${number}`),
      }
    },
  }
  const topology = topologyOf(supplier)
  made = 0
  const driver = await openDriver(topology)
  const input = driver.createInputTopic('in', { key: string, value: string })
  await input.pipeInput({ key: 'a', value: 'x' })
  await driver.restart()
  await input.pipeInput({ key: 'a', value: 'x' })
  await driver.close()
  expect(log).toEqual(['init 1', 'process 1', 'close 1', 'init 2', 'process 2', 'close 2'])
})

test('a supplier that gives one processor to all tasks is refused', () => {
  const processor = { process: () => undefined }
  expect(() => topologyOf({ get: () => processor })).toThrow(
    'the supplier of processor gives one processor again and again: each task needs its own',
  )
})

test('a supplier brings its stores along', async () => {
  const store = stores.keyValue({ name: 'seen', key: string, value: string })
  const supplier: ProcessorSupplier<string, string> = {
    get: () => ({
      process: async (record, context) => {
        const before = await context.store(store).get(record.key)
        context.store(store).put(record.key, record.value)
        await context.forward({ ...record, value: `${before ?? 'nothing'} before` })
      },
    }),
    stores: () => [store],
  }
  const { pipe, read } = await run(supplier)
  await pipe('a', 'x')
  await pipe('a', 'y')
  expect(read().map(([, value]) => value)).toEqual(['nothing before', 'x before'])
})

test('a store that is not attached is refused with the way to the node', async () => {
  const store = stores.keyValue({ name: 'seen', key: string, value: string })
  const { pipe } = await run((record, context) => context.store(store).put(record.key, null))
  await expect(pipe('a', 'x')).rejects.toMatchObject({
    code: 'TOPOLOGY_INVALID',
    message: expect.stringContaining(
      'node source → processor uses the store seen, which is not attached to it (attached: none)',
    ),
  })
})

test('a name of a store that nobody keeps is refused when the topology is built', () => {
  expect(() => topologyOf((record, context) => context.forward(record), ['nowhere'])).toThrow(
    'the store nowhere is attached to node source → processor by its name, but no operator keeps it',
  )
})

test('two stores of one name are refused', () => {
  const builderOf = () => stores.keyValue({ name: 'seen', key: string, value: string })
  const builder = new StreamsBuilder()
  const input = builder.stream('in', { key: string, value: string })
  input.process(() => undefined, { stores: [builderOf()] })
  expect(() => input.process(() => undefined, { stores: [builderOf()] })).toThrow(
    "two operators have a store named 'seen'",
  )
})

test('processors that share a store are one sub-topology', () => {
  const store = stores.keyValue({ name: 'shared', key: string, value: string })
  const builder = new StreamsBuilder()
  builder.stream('a', { key: string, value: string }).process(() => undefined, { stores: [store] })
  builder.stream('b', { key: string, value: string }).process(() => undefined, { stores: [store] })
  builder
    .stream('c', { key: string, value: string })
    .processValues(() => undefined, { stores: ['shared'] })
  const { subtopologies } = builder.build().forApplication('app')
  expect(subtopologies.map(({ stores: kept }) => kept.map(({ name }) => name))).toEqual([
    ['shared'],
  ])
})

test('a processor reads the store of an operator by its name', async () => {
  const builder = new StreamsBuilder()
  const input = builder.stream('in', { key: string, value: string })
  input.groupByKey().count({ store: 'counts' })
  input
    .processValues<bigint>(
      async (record, context) => {
        const counts = context.store<{ get(key: string): Promise<{ value: number }> }>('counts')
        const { value } = await counts.get(record.key)
        await context.forward({ ...record, value: BigInt(value) })
      },
      { stores: ['counts'] },
    )
    .to('out', { value: int64 })
  const driver = await openDriver(builder.build())
  const topic = driver.createInputTopic('in', { key: string, value: string })
  await topic.pipeInput({ key: 'a', value: 'x' })
  await topic.pipeInput({ key: 'a', value: 'y' })
  const output = driver.createOutputTopic('out', { key: string, value: int64 })
  expect(output.readRecords().map(({ value }) => value)).toEqual([1n, 2n])
})

describe('processValues', () => {
  interface Place {
    readonly city: string
  }
  type Values = ProcessorFunction<Place, string> | ProcessorSupplier<Place, string>
  const place = serdes.json<Place>()

  async function runValues(processor: Values) {
    const builder = new StreamsBuilder()
    builder
      .stream('in', { key: place, value: string })
      .processValues(processor, { name: 'values' })
      .to('out')
    const driver = await openDriver(builder.build())
    const input = driver.createInputTopic('in', { key: place, value: string })
    const output = driver.createOutputTopic('out', { key: place, value: string })
    return { pipe: () => input.pipeInput({ key: { city: 'Ulm' }, value: 'v' }), driver, output }
  }

  test.each<[string, Values]>([
    ['at once', (record, context) => context.forward({ ...record, key: { city: 'Bonn' } })],
    [
      'later',
      async (record, context) => {
        await later()
        await context.forward({ ...record, key: { city: 'Bonn' } })
      },
    ],
  ])('refuses another key that is forwarded %s', async (_, processor) => {
    const { pipe, output } = await runValues(processor)
    await expect(pipe()).rejects.toMatchObject({
      code: 'PROCESSING_FAILED',
      message: expect.stringContaining('values is to keep keys'),
    })
    expect(output.isEmpty).toBe(true)
  })

  test('takes an equal key for the same', async () => {
    const { pipe, output } = await runValues((record, context) =>
      context.forward({ ...record, key: { ...record.key } }),
    )
    await pipe()
    expect(output.readKeyValues()).toEqual([[{ city: 'Ulm' }, 'v']])
  })

  test('lets a schedule forward a key that came before', async () => {
    const { pipe, driver, output } = await runValues({
      get: () => {
        let kept: StreamRecord<Place, string> | undefined
        return {
          init: (context) => {
            context.schedule(10, 'wall-clock', () => context.forward(kept!))
          },
          process: (record) => void (kept = record),
        }
      },
    })
    await pipe()
    await driver.advanceWallClockTime(10)
    expect(output.readKeyValues()).toEqual([[{ city: 'Ulm' }, 'v']])
  })
})

test('process repartitions before an aggregate, processValues does not', () => {
  const internalTopics = (define: (input: KStream<string, string>) => KStream<string, string>) => {
    const builder = new StreamsBuilder()
    define(builder.stream('in', { key: string, value: string }))
      .groupByKey({ value: string })
      .count({ store: 's' })
    const { internalTopics } = builder.build().forApplication('app')
    return internalTopics.map(({ topic }) => topic)
  }
  expect(internalTopics((input) => input.process(() => undefined))).toEqual(['app-s-repartition'])
  expect(internalTopics((input) => input.processValues(() => undefined))).toEqual([])
})

test('a store gives, puts where there is nothing, deletes and finds by prefix', async () => {
  const words = stores.keyValue({ name: 'words', key: string, value: string })
  const seen: unknown[] = []
  const { pipe } = await run(
    async ({ key, value }, context) => {
      const store = context.store(words)
      seen.push(await store.putIfAbsent(key, value))
      if (value !== 'last') return
      for await (const row of store.prefixScan('ab')) seen.push(row)
      for await (const row of store.reverseRange('a', 'ab')) seen.push(row)
      seen.push(await store.approximateNumEntries(), await store.delete('a'), await store.get('a'))
      for await (const [name] of store.all()) seen.push(name)
    },
    [words],
  )
  await pipe('a', '1')
  await pipe('a', '2')
  await pipe('ab', '3')
  await pipe('abc', '4')
  await pipe('b', 'last')
  expect(seen).toEqual([
    ...[undefined, '1', undefined, undefined, undefined],
    ...[
      ['ab', '3'],
      ['abc', '4'],
    ],
    ...[
      ['ab', '3'],
      ['a', '1'],
    ],
    ...[4, '1', undefined],
    ...['ab', 'abc', 'b'],
  ])
})

test('what a processor put and did not commit is gone after a restart, and put again', async () => {
  const counts = stores.keyValue({ name: 'counts', key: string, value: int64 })
  const processor: Text = async (record, context) => {
    const count = ((await context.store(counts).get(record.key)) ?? 0n) + 1n
    context.store(counts).put(record.key, count)
    await context.forward({ ...record, value: String(count) })
  }
  const { driver, pipe, read } = await run(processor, [counts], { commitsAfter: () => false })
  await pipe('a', 'x')
  await driver.restart()
  await pipe('a', 'y')
  await driver.commit()
  expect(read().map(([, value]) => value)).toEqual(['1', '2'])
})

/** Forwards at each call of a schedule, which is made where `place` says. */
function punctuating(place: 'init' | 'process', type: 'stream-time' | 'wall-clock'): Text {
  const schedule = (context: Context) =>
    context.schedule(10, type, (timestamp) =>
      context.forward({
        key: 'tick',
        value: context.recordMetadata?.topic ?? 'nowhere',
        timestamp,
        headers: NO_HEADERS,
      }),
    )
  return {
    get: () => ({
      init: (context) => {
        if (place === 'init') schedule(context)
      },
      process: (_, context) => {
        if (place === 'process') schedule(context)
      },
    }),
  }
}

test('stream time calls a schedule with the first record, then whenever it has advanced by the interval', async () => {
  const { pipe, read } = await run(punctuating('init', 'stream-time'))
  for (const time of [3, 9, 10, 35, 40]) await pipe('a', 'x', time)
  expect(read()).toEqual([3, 10, 35, 40].map((time) => ['tick', 'nowhere', time]))
})

test('the wall clock calls a schedule an interval after it was made', async () => {
  const { driver, pipe, read } = await run(punctuating('process', 'wall-clock'), [], {
    clock: { ...systemClock, now: () => 100 },
  })
  await pipe('a', 'x')
  await driver.advanceWallClockTime(9)
  expect(read()).toEqual([])
  await driver.advanceWallClockTime(1)
  expect(read()).toEqual([['tick', 'nowhere', 110]])
})

test('a schedule that init makes goes on after a restart where it was', async () => {
  const { driver, pipe, read } = await run(punctuating('init', 'stream-time'))
  await pipe('a', 'x', 3)
  await driver.restart()
  for (const time of [4, 10]) await pipe('a', 'x', time)
  expect(read().map(([, , time]) => time)).toEqual([3, 10])
})

test('a schedule that was cancelled stays so after a restart', async () => {
  const processor: Text = {
    get: () => ({
      init: (context: Context) => {
        const schedule = context.schedule(10, 'stream-time', (timestamp) => {
          schedule.cancel()
          return context.forward({ key: 'once', value: '', timestamp, headers: NO_HEADERS })
        })
      },
      process: () => undefined,
    }),
  }
  const { driver, pipe, read } = await run(processor)
  await pipe('a', 'x', 3)
  await driver.restart()
  await pipe('a', 'x', 100)
  expect(read()).toEqual([['once', '', 3]])
})

test('a punctuation that throws fails at its node', async () => {
  const processor: Text = {
    get: () => ({
      init: (context) => void context.schedule(10, 'stream-time', () => failing('boom')),
      process: () => undefined,
    }),
  }
  const { pipe } = await run(processor)
  await expect(pipe('a', 'x')).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    message: expect.stringContaining('node processor failed: boom'),
  })
})

test.each([
  [0, 10],
  [20, 10],
  [Number.NaN, 10],
])('windows of %s ms cannot be kept for %s ms', (windowSizeMs, retentionMs) => {
  const options = { name: 'windows', key: string, value: string, windowSizeMs, retentionMs }
  expect(() => stores.window(options)).toThrow(TypeError)
})

test('a store of windows finds what was put in a span of time', async () => {
  const sizes = { windowSizeMs: 10, retentionMs: 100 }
  const visits = stores.window({ name: 'visits', key: string, value: string, ...sizes })
  const { pipe, read } = await run(
    async (record, context) => {
      const { key, value, timestamp } = record
      const store = context.store(visits)
      await store.put(key, value, timestamp)
      const found = await store.fetch(key, Math.max(0, timestamp - 10), timestamp)
      await context.forward({ ...record, value: found.map((one) => one.value).join() })
    },
    [visits],
  )
  for (const [value, time] of [
    ['x', 5],
    ['y', 15],
    ['z', 16],
  ] as const)
    await pipe('a', value, time)
  expect(read().map(([, value]) => value)).toEqual(['x', 'x,y', 'y,z'])
})

test('what is neither a function nor a supplier is refused', () => {
  const nothing = {} as unknown as ProcessorFunction<string, string>
  expect(() => topologyOf(nothing)).toThrow(TypeError)
})

test('a context says which task of which application it is', async () => {
  const { pipe, read } = await run(
    (record, context) =>
      void context.forward({ ...record, value: `${context.applicationId} ${context.taskId}` }),
    [],
    { applicationId: 'mine' },
  )
  await pipe('a', 'x')
  expect(read()).toEqual([['a', 'mine 0_0', 0]])
})

test('a commit that a processor asks for comes after its record', async () => {
  const { driver, pipe, read } = await run(
    (record, context) => {
      void context.forward(record)
      if (record.value === 'commit') context.commit()
    },
    [],
    { commitsAfter: () => false },
  )
  await pipe('a', 'x')
  expect(read()).toEqual([])
  await pipe('a', 'commit')
  await pipe('a', 'lost')
  expect(read()).toEqual([['a', 'x', 0], ['a', 'commit', 0]]) // prettier-ignore
  await driver.restart()
  await driver.commit()
  expect(read()).toEqual([['a', 'lost', 0]])
})

test.each([
  ['before the first record', 20, [[4], [20, 45, 61]], [20, 45, 61]],
  ['long ago', -25, [[4], [20, 34, 36]], [20, 36]],
] as const)('a schedule that starts %s keeps to its times', async (_, startMs, pipes, expected) => {
  const times: number[] = []
  const { pipe } = await run({
    get: () => ({
      init: (context) =>
        void context.schedule(20, 'stream-time', (at) => void times.push(at), { startMs }),
      process: () => undefined,
    }),
  })
  for (const timestamp of pipes.flat()) await pipe('a', 'x', timestamp)
  expect(times).toEqual(expected)
})
