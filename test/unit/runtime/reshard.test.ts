import { afterEach, describe, expect, test } from '@jest/globals'
import { beginReshard, moveRows } from '../../../src/commit/reshard.ts'
import { TIMERS } from '../../../src/commit/system-tables.ts'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import type { Processor } from '../../../src/topology/processor/processor.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { SessionWindows } from '../../../src/topology/windows/session-windows.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { crashing, type Crash } from '../../conformance/evolution/crashing-database.ts'
import { KEYS, ReshardWorld } from '../../support/reshard-world.ts'

const { string, int64 } = serdes
const SERDES = { key: string, value: string }
type Define = (builder: StreamsBuilder) => void

let worlds: ReshardWorld[] = []
afterEach(async () => {
  await Promise.all(worlds.map((world) => world.close()))
  worlds = []
})

async function open(define: Define, partitions?: number): Promise<ReshardWorld> {
  const topology = (): Topology => {
    const builder = new StreamsBuilder()
    define(builder)
    return builder.build()
  }
  const world = await ReshardWorld.create(topology, partitions)
  worlds.push(world)
  return world
}

const counts: Define = (builder) => {
  builder.stream('in', SERDES).groupByKey().count({ store: 'counts' })
}

const countsBehindRepartition: Define = (builder) => {
  builder
    .stream('in', SERDES)
    .groupBy((key) => key, { name: 'again' })
    .count({ store: 'counts' })
}

/** Every key once, where it belongs. */
async function expectCounts(world: ReshardWorld, count: bigint, partitions = 5): Promise<void> {
  const rows = (await world.rows('counts')).map(([partition, key, value]) => [
    partition,
    key,
    value,
  ])
  const expected = KEYS.map((key) => [partitionOf(Buffer.from(key), partitions), key, count])
  expect(rows.toSorted()).toEqual(expected.toSorted())
}

describe.each([
  ['by the keys of a topic', counts],
  ['behind a repartition topic', countsBehindRepartition],
])('counts %s', (_, define) => {
  test('go on as if there had always been as many partitions', async () => {
    const world = await open(define)
    await world.write(3)
    await world.run()
    await world.write(3)
    await world.grow()
    await expect(world.start().start()).rejects.toMatchObject({
      code: 'CATALOGUE_MISMATCH',
      message: expect.stringContaining('reshard(topology, options)') as unknown,
    })
    await world.write(5)
    const { topics, moved } = await world.reshard()
    expect(topics).toContainEqual({ topic: 'in', from: 3, to: 5 })
    expect(moved).toBeGreaterThan(0)
    await world.run()
    await expectCounts(world, 3n)
    expect(await world.reshard()).toEqual({ topics: [], moved: 0 })
  })
})

test('new partitions are read from their beginning, whatever offsetReset says', async () => {
  const world = await open((builder) => {
    builder
      .stream('in', { ...SERDES, offsetReset: 'latest' })
      .groupByKey()
      .count({ store: 'counts' })
  })
  const app = world.start()
  await app.start()
  await world.write(3)
  await app.caughtUp()
  await app.close()
  await world.grow()
  await world.write(5)
  await world.reshard()
  await world.run()
  await expectCounts(world, 2n)
})

test('thousands of rows move in several transactions', async () => {
  const world = await open(counts)
  const keys = Array.from({ length: 7_000 }, (_, at) => `key ${at}`)
  await world.write(3, { keys })
  await world.run()
  await world.grow()
  const { moved } = await world.reshard()
  const places = keys.map((key) => [3, 5].map((size) => partitionOf(Buffer.from(key), size)))
  expect(moved).toBe(places.filter(([from, to]) => from !== to).length)
  const rows = (await world.rows('counts')).map(
    ([partition, key]) => `${String(partition)} ${String(key)}`,
  )
  expect(rows.toSorted()).toEqual(keys.map((key, at) => `${places[at]![1]} ${key}`).toSorted())
})

/** What is told, and what is kept, when topics grow in the middle, or have been as large from the beginning. */
describe('goes on as if there had always been as many partitions:', () => {
  const minute = TimeWindows.of({ sizeMs: 60_000 })
  const pair = (one: string | null, other: string | null) => `${one}+${other}`
  const topologies: Record<string, Define> = {
    'windows that are told when they close': (builder) => {
      const windowed = builder.stream('in', SERDES).groupByKey().windowedBy(minute)
      const closed = windowed.emitStrategy('on-window-close').count({ store: 'kept' })
      closed
        .toStream(({ key, start }) => `${key} ${start}`)
        .to('out', { key: string, value: int64 })
    },
    'windows behind suppress': (builder) => {
      const windowed = builder.stream('in', SERDES).groupByKey().windowedBy(minute)
      const closed = windowed.count().suppress({ until: 'window-closes', name: 'kept' })
      closed
        .toStream(({ key, start }) => `${key} ${start}`)
        .to('out', { key: string, value: int64 })
    },
    sessions: (builder) => {
      const sessions = SessionWindows.of({ gapMs: 50_000 })
      const windowed = builder.stream('in', SERDES).groupByKey().windowedBy(sessions)
      const counted = windowed
        .count({ store: 'kept' })
        .toStream(({ key, start }) => `${key} ${start}`)
      counted.to('out', { key: string, value: int64 })
    },
    'versions of rows': (builder) => {
      const versioned = { historyRetentionMs: 1_000_000 }
      const table = builder.table('in', { ...SERDES, store: 'kept', versioned })
      builder.stream('more', SERDES).leftJoin(table, pair).to('out', SERDES)
    },
    'a left join of streams': (builder) => {
      const windows = { beforeMs: 40_000, afterMs: 40_000, graceMs: 0 }
      const more = builder.stream('more', SERDES)
      const joined = builder
        .stream('in', SERDES)
        .leftJoin(more, pair, { ...windows, store: 'kept' })
      joined.to('out', { value: string })
    },
    'a join by foreign keys': (builder) => {
      const more = builder.table('more', SERDES)
      const foreignKey = (value: string) => KEYS[value.length]!
      const joined = builder.table('in', SERDES).leftJoin(more, pair, { foreignKey, name: 'kept' })
      joined.toStream().to('out', SERDES)
    },
    timers: (builder) => {
      const get = (): Processor<string, string> => ({
        process: ({ key, timestamp }, { timers }) => timers.set(key, timestamp + 70_000),
        onTimer: ({ key, at }, context) =>
          context.forward({ key, value: 'due', timestamp: at, headers: NO_HEADERS }),
      })
      builder.stream('in', SERDES).process({ get }, { name: 'kept' }).to('out', SERDES)
    },
  }

  async function resultOf(define: Define, partitions: 3 | 5) {
    const world = await open(define, partitions)
    const text = (prefix: string) => (key: string) => `${prefix}${key}`
    await world.write(partitions, { timestamp: 10_000, text: text('a') })
    await world.write(partitions, { topic: 'more', timestamp: 20_000, keys: KEYS.slice(0, 20) })
    await world.run()
    if (partitions === 3) {
      await world.grow()
      expect((await world.reshard()).moved).toBeGreaterThan(0)
    }
    await world.write(5, { topic: 'more', timestamp: 45_000, text: text('b') })
    await world.run()
    await world.write(5, { timestamp: 50_000, text: text('bb') })
    await world.run()
    await world.write(5, { timestamp: 500_000, text: text('ccc') })
    await world.write(5, { topic: 'more', timestamp: 500_000, text: text('c') })
    await world.run()
    const stores = await Promise.all(
      ['kept', TIMERS.name].map((name) => world.rows(name).catch(() => [])),
    )
    const rows = stores.flat().map((row) => row.map(String).join(' | '))
    return { told: await world.told(), rows: rows.toSorted() }
  }

  test.each(Object.keys(topologies))('%s', async (name) => {
    const [grown, large] = [
      await resultOf(topologies[name]!, 3),
      await resultOf(topologies[name]!, 5),
    ]
    expect(large.told.length).toBeGreaterThan(KEYS.length / 2)
    expect(grown).toEqual(large)
  })
})

test('tasks go on with the latest time of all, and what that closes is told first', async () => {
  const world = await open((builder) => {
    const windows = TimeWindows.of({ sizeMs: 10 })
    const windowed = builder.stream('in', SERDES).groupByKey().windowedBy(windows)
    const closed = windowed.emitStrategy('on-window-close').count({ store: 'kept' })
    closed.toStream(({ key, start }) => `${key} ${start}`).to('out', { key: string, value: int64 })
  })
  const late = KEYS.filter((key) => partitionOf(Buffer.from(key), 3) === 0)
  await world.write(3, { timestamp: 5 })
  await world.write(3, { timestamp: 100, keys: late })
  await world.run()
  expect((await world.told()).length).toBe(late.length)
  await world.grow()
  await world.reshard()
  expect((await world.told()).length).toBe(KEYS.length)
  await world.write(5, { timestamp: 200 })
  await world.run()
  expect((await world.told()).length).toBe(KEYS.length + late.length)
})

describe('a process that dies in the middle of it', () => {
  const dying = (database: DatabaseAdapter, crash: Crash): DatabaseAdapter => ({
    name: database.name,
    open: async (options) => crashing(await database.open(options), crash),
  })

  test.each(['before', 'after'] as const)(
    '%s any COMMIT loses nothing',
    async (when) => {
      let isOver = false
      for (let at = 0; !isOver; at++) {
        const world = await open(counts)
        await world.write(3)
        await world.run()
        await world.write(3)
        await world.grow()
        await world.write(5)
        const database = dying(world.database, { at, when })
        isOver = await world.reshard({ database, taskTimeoutMs: 1 }).then(
          () => true,
          () => false,
        )
        if (!isOver) await world.reshard()
        await world.run()
        await expectCounts(world, 3n)
        expect(at).toBeLessThan(60)
      }
    },
    60_000,
  )

  test('moves nothing any more once another has begun', async () => {
    const world = await open(counts)
    await world.write(3)
    await world.run()
    const database = await world.database.open({ schema: 'app', logger: consoleLogger('silent') })
    const tasks = ['0_0', '0_1', '0_2'] as const
    const [first] = await beginReshard(database, tasks, 'first', {})
    await beginReshard(database, tasks, 'second', {})
    const table = { ...TIMERS, name: TIMERS.name }
    const moved = moveRows(
      database,
      first!,
      { table, deletes: { prefix: [], keys: [] }, upserts: [] },
      {},
    )
    await expect(moved).rejects.toMatchObject({ code: 'TASKS_FENCED' })
  })
})

describe('is refused, and changes nothing,', () => {
  async function isRefused(world: ReshardWorld, message: RegExp): Promise<void> {
    const before = JSON.stringify(await world.rows('counts'), bigintText)
    const refused = world.reshard({ sessionTimeoutMs: 100 })
    await expect(refused).rejects.toMatchObject({ code: 'RESHARD_REFUSED' })
    await expect(refused).rejects.toThrow(message)
    expect(JSON.stringify(await world.rows('counts'), bigintText)).toBe(before)
  }
  const bigintText = (_: string, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value

  test('while an instance runs', async () => {
    const world = await open(counts)
    await world.write(3)
    const app = world.start()
    await app.start()
    await app.caughtUp()
    await world.grow()
    await isRefused(world, /other instances own tasks/)
    await app.close()
    await world.reshard()
    await expectCounts(world, 1n)
  })

  test('where records of before lie behind others of after', async () => {
    const world = await open(counts)
    await world.write(3)
    await world.run()
    await world.grow()
    await world.write(5)
    await world.write(3)
    await isRefused(world, /by 3 partitions only, and lies behind others that belong there by 5/)
  })

  test('where rows are not where their keys belong', async () => {
    const world = await open((builder) => {
      builder.stream('in', SERDES).groupByKey().count({ store: 'counts' })
    })
    await world.write(2)
    await world.run()
    await world.grow()
    await isRefused(world, /the row \(k\d+\) of counts is in partition/)
  })
})
