import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Database } from '../../../src/database/database.ts'
import { countSerde } from '../../../src/serdes/count-serde.ts'
import { stringSerde } from '../../../src/serdes/string-serde.ts'
import type { KeptTime } from '../../../src/stores/contract/kept-time.ts'
import type { WindowStoreDefinition } from '../../../src/stores/contract/store-definition.ts'
import { storeTable } from '../../../src/stores/store-table.ts'
import { WindowTableStore } from '../../../src/stores/window-table-store.ts'
import { emptyDatabase } from '../../support/memory-state.ts'

const definition: WindowStoreDefinition<string, number> = {
  kind: 'window',
  name: 'windows',
  key: stringSerde,
  value: countSerde,
  cache: false,
  sizeMs: 10,
  retentionMs: 100,
  emitsOnClose: false,
}

describe('a window store', () => {
  let database: Database
  let times: Map<string, KeptTime>
  let expired: string[]

  beforeEach(async () => {
    database = await emptyDatabase()
    await database.migrate(
      [{ table: storeTable(definition), partitions: 1 }],
      async () => undefined,
    )
    times = new Map()
    expired = []
  })

  /** Another store on the same rows and times, as after a restart. */
  async function openStore(change: Partial<typeof definition> = {}) {
    const store = new WindowTableStore<string, number>(
      { ...definition, ...change },
      {
        ...{ partition: 0, reader: database, cacheBytesMax: () => 1e6 },
        time: (name) => {
          const time = times.get(name) ?? { value: -1 }
          times.set(name, time)
          return time
        },
        expired: (name) => expired.push(name),
      },
    )
    await store.open()
    return store
  }

  async function commit(store: WindowTableStore<string, number>): Promise<void> {
    const { changes, committed } = sealed(store)
    const { table, upserts, deletes, sweeps = [] } = changes
    await database.transaction(async (transaction) => {
      for (const { range, swept } of sweeps) swept(await transaction.deleteRange(table, range))
      await transaction.deleteMany(table, { prefix: [], keys: deletes })
      await transaction.upsertMany(table, upserts)
    })
    committed()
  }

  function sealed(store: WindowTableStore<string, number>) {
    const unit = store.seal()
    return { changes: unit.changes, committed: () => unit.committed() }
  }

  const rowsThere = () => database.range(storeTable(definition), { prefix: [0] })

  test('finds what was put, and finds it again in the rows', async () => {
    const store = await openStore()
    await store.put('a', 1, 10)
    await store.put('a', 2, 0)
    expect(await store.fetch('a', 0, 10)).toEqual([
      { start: 0, value: 2, timestamp: 0 },
      { start: 10, value: 1, timestamp: 10 },
    ])
    await commit(store)
    const next = await openStore()
    expect(await next.fetch('a', 10)).toBe(1)
    expect(await next.all()).toHaveLength(2)
    expect(await rowsThere()).toEqual(
      [
        [0, 'a', 0, 10, 2, 0],
        [0, 'a', 10, 20, 1, 10],
      ].map((row) => row.map((cell, at) => (at === 4 ? BigInt(cell) : cell))),
    )
  })

  test('a window without an end ends at the end of time', async () => {
    const store = await openStore({ sizeMs: Infinity, retentionMs: Infinity })
    await store.put('a', 1, 5)
    await commit(store)
    expect((await rowsThere())[0]?.[3]).toBe(Infinity)
    expect((await store.all())[0]?.key).toEqual({ key: 'a', start: 5, end: Infinity })
  })

  test('what has expired is not seen, after a restart neither; what comes later still is told of', async () => {
    const store = await openStore()
    await store.put('a', 1, 0)
    await store.put('b', 1, 200_000)
    expect(await store.fetch('a', 0)).toBeUndefined()
    await commit(store)
    const next = await openStore()
    expect(await next.fetch('a', 0)).toBeUndefined()
    await next.put('a', 1, 0)
    expect(expired).toEqual(['windows'])
  })

  test('expired rows are deleted with a commit', async () => {
    const store = await openStore()
    await store.put('a', 1, 0)
    await commit(store)
    expect(await rowsThere()).toHaveLength(1)
    await store.put('b', 1, 200_000)
    await commit(store)
    expect((await rowsThere()).map(([, key]) => key)).toEqual(['b'])
  })

  test('many expired rows are deleted in batches: no commit deletes more than 1,000, or twice what it writes', async () => {
    const filled = await openStore()
    for (let key = 0; key < 2_500; key++) await filled.put(`k${key}`, 1, 0)
    await commit(filled)
    const store = await openStore()
    await store.put('later', 1, 200_000)
    const left: number[] = []
    for (let commits = 0; commits < 4; commits++) {
      await commit(store)
      left.push((await rowsThere()).length)
    }
    expect(left).toEqual([1_501, 501, 1, 1])

    for (let key = 0; key < 2_500; key++) await store.put(`l${key}`, 1, 200_000)
    await commit(store)
    for (let key = 0; key < 700; key++) await store.put(`m${key}`, 1, 400_000)
    await commit(store)
    expect(await rowsThere()).toHaveLength(2_501 - 2 * 700 + 700)
  })

  test('with a cache, what has expired is seen until it is swept: after a restart too, and after 10,000 rows', async () => {
    const store = await openStore({ cache: true })
    await store.put('a', 1, 0)
    await store.put('b', 1, 200_000)
    await commit(store)
    expect(await store.fetch('a', 0)).toBe(1)
    const next = await openStore({ cache: true })
    expect(await next.fetch('a', 0)).toBe(1)
    expect(await next.all()).toHaveLength(2)

    for (let key = 0; key < 10_000; key++) await next.put(`k${key}`, 1, 200_000)
    await commit(next)
    expect(await next.fetch('a', 0)).toBeUndefined()
    expect(await rowsThere()).toHaveLength(10_001)
    expect(expired).toEqual([])
  })

  test('windows that have closed are taken once, by start and key, whatever restarts and expires', async () => {
    const change = { emitsOnClose: true }
    const store = await openStore(change)
    for (const [key, start] of [
      ['b', 0],
      ['a', 0],
      ['c', 10],
    ] as const)
      await store.put(key, 1, start)
    await commit(store)
    const next = await openStore(change)
    await next.put('z', 1, 500_000)
    await commit(next)
    expect(await rowsThere()).toHaveLength(4)
    const taken = await next.takeClosed(10)
    expect(taken.map(({ key: { key, start } }) => [key, start])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 10],
    ])
    expect(await next.takeClosed(20)).toEqual([])
    await commit(next)
    const last = await openStore(change)
    expect(await last.takeClosed(499_999)).toEqual([])
  })
})
