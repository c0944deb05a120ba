import { describe, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { memory, memoryKafka } from '../../../src/testing/memory.ts'
import { migrateFrom } from '../../../src/stores/contract/store-migration.ts'
import type { WindowedEntry, WindowEntry } from '../../../src/stores/contract/window-store.ts'
import type { VersionedKeyValueStore } from '../../../src/topology/processor/state-store.ts'
import { stores, type StoreBuilder } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from './support/open-driver.ts'

const { string, double, bytes } = serdes
const SERDES = { key: string, value: string }

/** A driver whose only processor does with a store what it is told. */
async function storeAtWork<Store>(builder: StoreBuilder<Store>, options = {}) {
  let next: ((store: Store) => unknown) | undefined
  let answer: unknown
  const topology = new StreamsBuilder()
  topology.stream('in', SERDES).process(
    async (_, context) => {
      answer = await next?.(context.store(builder))
    },
    { stores: [builder] },
  )
  const driver = await openDriver(topology.build(), options)
  const input = driver.createInputTopic('in', SERDES)
  const use = async <Answer>(call: (store: Store) => Answer): Promise<Awaited<Answer>> => {
    next = call
    await input.pipeInput({ key: 'k', value: 'v', timestamp: 0 })
    return answer as Awaited<Answer>
  }
  return { driver, use }
}

const shown = (entries: readonly WindowedEntry<string, string>[]) =>
  entries.map(({ key: { key, start, end }, value }) => `${key} ${start}-${end} ${value}`)

describe('a session store', () => {
  const sessions = stores.session({ name: 'sessions', ...SERDES, retentionMs: 100 })

  async function filled() {
    const world = await storeAtWork(sessions)
    await world.use(async (store) => {
      await store.put({ key: 'a', start: 0, end: 10 }, 'x')
      await store.put({ key: 'a', start: 20, end: 30 }, 'y')
      await store.put({ key: 'b', start: 5, end: 25 }, 'z')
      await store.put({ key: 'c', start: 40, end: 50 }, 'w')
    })
    await world.driver.restart()
    return world
  }

  test('finds the sessions of a key that overlap a span of time, both ways', async () => {
    const { use } = await filled()
    expect(shown(await use((store) => store.fetch('a')))).toEqual(['a 0-10 x', 'a 20-30 y'])
    expect(shown(await use((store) => store.backwardFetch('a')))).toEqual(['a 20-30 y', 'a 0-10 x'])
    expect(shown(await use((store) => store.findSessions('a', 10, 19)))).toEqual(['a 0-10 x'])
    expect(shown(await use((store) => store.findSessions('a', 11, 19)))).toEqual([])
    expect(shown(await use((store) => store.backwardFindSessions('a', 10, 20)))).toEqual([
      'a 20-30 y',
      'a 0-10 x',
    ])
  })

  test('finds those of several keys, by keys and by their ends', async () => {
    const { use } = await filled()
    expect(shown(await use((store) => store.findSessions('a', 'b', 11, 100)))).toEqual([
      'a 20-30 y',
      'b 5-25 z',
    ])
    expect(shown(await use((store) => store.findSessions('b', null, 0, 100)))).toEqual([
      'b 5-25 z',
      'c 40-50 w',
    ])
    expect(shown(await use((store) => store.backwardFindSessions(null, null, 0, 19)))).toEqual([
      'b 5-25 z',
      'a 0-10 x',
    ])
    expect(shown(await use((store) => store.findSessions(25, 50)))).toEqual([
      'a 20-30 y',
      'b 5-25 z',
      'c 40-50 w',
    ])
  })

  test('forgets what is removed, and what lies behind its retention', async () => {
    const { use, driver } = await filled()
    await use((store) => store.remove({ key: 'a', start: 0, end: 10 }))
    await use((store) => store.put({ key: 'b', start: 5, end: 25 }, null))
    expect(await use((store) => store.fetchSession('a', 0, 10))).toBeUndefined()
    expect(await use((store) => store.fetchSession('a', 20, 30))).toBe('y')
    await use((store) => store.put({ key: 'd', start: 130, end: 130 }, 'new'))
    expect(shown(await use((store) => store.findSessions(null, null, 0, 200)))).toEqual([
      'c 40-50 w',
      'd 130-130 new',
    ])
    const rows = await driver.getSessionStore<string, string>('sessions').entries()
    expect(rows.map(({ value }) => value)).toEqual(['w', 'new'])
  })

  test('cannot be kept for no time', () => {
    expect(() => stores.session({ name: 's', ...SERDES, retentionMs: 0 })).toThrow(
      'store s: sessions cannot be kept for 0 ms',
    )
  })
})

describe('a versioned store', () => {
  const prices = stores.versioned({ name: 'prices', ...SERDES, historyRetentionMs: 50 })

  async function filled() {
    const world = await storeAtWork(prices)
    const put = await world.use(async (store) => [
      await store.put('tea', 'one', 10),
      await store.put('tea', 'three', 30),
      await store.put('tea', 'two', 20),
      await store.put('tea', null, 25),
      await store.put('milk', 'first', 100),
      await store.put('tea', 'late', 49),
    ])
    await world.driver.restart()
    return { ...world, put }
  }

  test('says what became of a version', async () => {
    const { put } = await filled()
    expect(put).toEqual([
      { isKept: true },
      { isKept: true },
      { isKept: true, validTo: 30 },
      { isKept: true, validTo: 30 },
      { isKept: true },
      { isKept: false },
    ])
  })

  test('gives the row of now and of any time of its history', async () => {
    const { use } = await storeAtWork(prices)
    await use(async (store) => {
      await store.put('tea', 'one', 10)
      await store.put('tea', 'three', 30)
      await store.put('tea', null, 20)
    })
    expect(await use((store) => store.get('tea'))).toEqual({ value: 'three', timestamp: 30 })
    expect(await use((store) => store.get('tea', 19))).toEqual({
      ...{ value: 'one', timestamp: 10, validTo: 20 },
    })
    expect(await use((store) => store.get('tea', 20))).toBeUndefined()
    expect(await use((store) => store.get('tea', 9))).toBeUndefined()
  })

  test('deletes as of a time, and says what was valid then', async () => {
    const { use } = await storeAtWork(prices)
    const remove = (store: VersionedKeyValueStore<string, string>) => store.delete('tea', 20)
    await use((store) => store.put('tea', 'one', 10))
    expect(await use(remove)).toEqual({ value: 'one', timestamp: 10 })
    expect(await use((store) => store.get('tea'))).toBeUndefined()
    await use((store) => store.put('milk', 'new', 1_000))
    expect(await use(remove)).toBeUndefined()
  })

  test('is read by the name of a versioned table', async () => {
    const builder = new StreamsBuilder()
    builder.table('rows', { ...SERDES, store: 'rows', versioned: { historyRetentionMs: 100 } })
    builder
      .stream('in', SERDES)
      .processValues(
        async (record, context) => {
          const rows = context.store<VersionedKeyValueStore<string, string>>('rows')
          const row = await rows.get(record.key, 15)
          await context.forward({ ...record, value: `${row?.value} until ${row?.validTo}` })
        },
        { stores: ['rows'] },
      )
      .to('out')
    const driver = await openDriver(builder.build(), { partitions: 2 })
    const rows = driver.createInputTopic('rows', SERDES)
    await rows.pipeInput({ key: 'a', value: 'x', timestamp: 10 })
    await rows.pipeInput({ key: 'a', value: 'y', timestamp: 20 })
    await driver.createInputTopic('in', SERDES).pipeInput({ key: 'a', value: '', timestamp: 20 })
    const out = driver.createOutputTopic('out', SERDES)
    expect(out.readKeyValues()).toEqual([['a', 'x until 20']])
  })

  test('has a history of whole milliseconds', () => {
    expect(() => stores.versioned({ name: 's', ...SERDES, historyRetentionMs: 0.5 })).toThrow(
      'historyRetentionMs of s has to be whole milliseconds, not 0.5',
    )
  })
})

describe('a window store', () => {
  const options = { name: 'windows', ...SERDES, windowSizeMs: 10, retentionMs: 1_000 }
  const windows = stores.window(options)
  const starts = (entries: readonly WindowEntry<string>[]) => entries.map(({ start }) => start)

  async function filled() {
    const world = await storeAtWork(windows)
    await world.use(async (store) => {
      for (const [key, start] of [
        ['a', 0],
        ['a', 10],
        ['a', 20],
        ['b', 10],
        ['c', 30],
      ] as const)
        await store.put(key, `${key}${start}`, start)
    })
    return world
  }

  test('goes through the windows of a key backwards', async () => {
    const { use } = await filled()
    expect(starts(await use((store) => store.fetch('a', 5, 20)))).toEqual([10, 20])
    expect(starts(await use((store) => store.backwardFetch('a', 5, 20)))).toEqual([20, 10])
  })

  test('finds the windows of several keys, both ways', async () => {
    const { use } = await filled()
    const expected = ['a 10-20 a10', 'a 20-30 a20', 'b 10-20 b10']
    expect(shown(await use((store) => store.fetch('a', 'b', 10, 30)))).toEqual(expected)
    expect(shown(await use((store) => store.backwardFetch('a', 'b', 10, 30)))).toEqual(
      expected.toReversed(),
    )
    expect(shown(await use((store) => store.fetch('b', null, 0, 30)))).toEqual([
      'b 10-20 b10',
      'c 30-40 c30',
    ])
    expect(shown(await use((store) => store.fetch(null, 'a', 20, 30)))).toEqual(['a 20-30 a20'])
  })

  test('gives all windows backwards', async () => {
    const { use } = await filled()
    const all = shown(await use((store) => store.all()))
    expect(shown(await use((store) => store.backwardAll()))).toEqual(all.toReversed())
    expect(shown(await use((store) => store.backwardFetchAll(10, 20)))).toEqual([
      'b 10-20 b10',
      'a 20-30 a20',
      'a 10-20 a10',
    ])
  })
})

describe('a key-value store', () => {
  test('takes several rows at once', async () => {
    const { use } = await storeAtWork(stores.keyValue({ name: 'rows', ...SERDES }))
    await use((store) => {
      store.put('c', 'old')
      store.putAll([
        ['a', 'x'],
        ['b', 'y'],
        ['c', null],
      ])
    })
    expect(await use((store) => store.approximateNumEntries())).toBe(2)
    expect(await use((store) => store.get('b'))).toBe('y')
  })

  test('finds keys of bytes by how they begin', async () => {
    const { use } = await storeAtWork(stores.keyValue({ name: 'rows', key: bytes, value: string }))
    const keys = [[1], [1, 0], [1, 255], [2], [0, 1]].map((key) => Uint8Array.from(key))
    await use((store) => store.putAll(keys.map((key) => [key, 'v'])))
    const found = await use(async (store) => {
      const rows: number[][] = []
      for await (const [key] of store.prefixScan(Uint8Array.of(1))) rows.push([...key])
      return rows
    })
    expect(found).toEqual([[1], [1, 0], [1, 255]])
  })

  test('has no prefixes where keys are numbers', async () => {
    const rows = stores.keyValue({ name: 'rows', key: double, value: string })
    const { use } = await storeAtWork(rows)
    const scan = use(async (store) => {
      store.put(1, 'v')
      for await (const _ of store.prefixScan(1 as never)) continue
    })
    await expect(scan).rejects.toThrow('store rows has no prefixes')
  })
})

describe('the rows of a processor are migrated in a store of the kind', () => {
  const migrate = migrateFrom(double, ({ value }) => ({ value: `was ${value}` }))
  const before = { name: 'rows', key: string, value: double }
  const after = { name: 'rows', ...SERDES, version: 2, migrate }

  test('key-value', async () => {
    const { work } = application()
    await work(stores.keyValue(before), (store) => store.put('a', 5))
    expect(await work(stores.keyValue(after), (store) => store.get('a'))).toBe('was 5')
  })

  test('window', async () => {
    const { work } = application()
    const windows = { windowSizeMs: 10, retentionMs: 10 }
    await work(stores.window({ ...before, ...windows }), (store) => store.put('a', 5, 1))
    const found = work(stores.window({ ...after, ...windows }), (store) => store.fetch('a', 1))
    expect(await found).toBe('was 5')
  })

  test('session', async () => {
    const { work } = application()
    const session = { key: 'a', start: 1, end: 2 }
    const times = { retentionMs: 10 }
    await work(stores.session({ ...before, ...times }), (store) => store.put(session, 5))
    const found = work(stores.session({ ...after, ...times }), (store) =>
      store.fetchSession('a', 1, 2),
    )
    expect(await found).toBe('was 5')
  })

  /** One application that is started anew for each piece of work. */
  function application() {
    const outside = { kafka: memoryKafka(), database: memory() }
    const work = async <Store, Answer>(
      builder: StoreBuilder<Store>,
      call: (store: Store) => Answer,
    ): Promise<Awaited<Answer>> => {
      const { driver, use } = await storeAtWork(builder, outside)
      const answer = await use(call)
      await driver.close()
      return answer
    }
    return { work }
  }
})

test('versions of a processor store begin at 1', () => {
  expect(() => stores.keyValue({ name: 'rows', ...SERDES, version: 0 })).toThrow(
    'the version of store rows must be a whole number from 1, not 0',
  )
})

test('a driver gives the rows of all stores that can be read, by name', async () => {
  const kept = { ...SERDES, retentionMs: 10 }
  const all = [
    stores.keyValue({ name: 'values', ...SERDES }),
    stores.window({ name: 'windows', ...kept, windowSizeMs: 10 }),
    stores.session({ name: 'sessions', ...kept }),
    stores.versioned({ name: 'versions', ...SERDES, historyRetentionMs: 10 }),
  ]
  const builder = new StreamsBuilder()
  builder.stream('in', SERDES).process(() => undefined, { stores: all })
  builder.table('held', SERDES).suppress({ until: 'time-limit', timeLimitMs: 1, name: 'late' })
  const driver = await openDriver(builder.build())
  const found = driver.getAllStateStores()
  expect([...found.keys()].filter((name) => !name.startsWith('held'))).toEqual(
    all.map(({ name }) => name),
  )
  for (const store of found.values()) expect(await store.entries()).toEqual([])
})
