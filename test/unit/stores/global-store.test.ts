import { expect, test } from '@jest/globals'
import type { KeyInterval } from '../../../src/stores/contract/ranged-store.ts'
import { GlobalStore } from '../../../src/stores/global-store.ts'
import { storeTable } from '../../../src/stores/store-table.ts'
import { databaseOf, definition } from './store-world.ts'

/** Keys in turn in two partitions, more of them than a page holds; the first is in both, and later in the second. */
async function largeStore() {
  const keys = Array.from({ length: 4_001 }, (_, at) => `k${String(at).padStart(4, '0')}`)
  const database = await databaseOf([])
  const rows = keys.map((key, at) => [at % 2, key, BigInt(at), 0])
  await database.transaction(
    async (tx) => tx.upsertMany(storeTable(definition), [...rows, [1, keys[0]!, 7n, 1]]),
    {},
  )
  return { keys, store: new GlobalStore({ definition, partitions: 2 }, database) }
}

async function read(store: GlobalStore<string, number>, interval: KeyInterval<string>) {
  const rows: (readonly [string, number])[] = []
  for await (const [key, { value }] of store.rows(interval)) rows.push([key, value])
  return rows
}

test('the rows of all partitions come in order, page by page, and of one key the latest', async () => {
  const { keys, store } = await largeStore()
  const expected = keys.map((key, at) => [key, at === 0 ? 7 : at])
  expect(await read(store, {})).toEqual(expected)
  expect(await read(store, { reverse: true })).toEqual(expected.toReversed())
  expect(await read(store, { from: 'k0003', to: 'k0005' })).toEqual(expected.slice(3, 6))
  expect(await store.get('k0000')).toEqual({ value: 7, timestamp: 1 })
})

test('nothing is written through it', async () => {
  const { store } = await largeStore()
  expect(() => store.put()).toThrow('a global table is written by its topic alone')
})
