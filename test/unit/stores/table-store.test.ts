import { describe, expect, test } from '@jest/globals'
import type { Reader } from '../../../src/database/transaction.ts'
import { jsonSerde } from '../../../src/serdes/json-serde.ts'
import { countSerde } from '../../../src/serdes/count-serde.ts'
import { storeTable } from '../../../src/stores/store-table.ts'
import { TableStore } from '../../../src/stores/table-store.ts'
import { databaseOf, definition, storeOf, writeSealed } from './store-world.ts'

describe('a table store', () => {
  test('answers at once what was read ahead, present or absent', async () => {
    const { store } = await storeOf([['a', 7]])
    await store.readAhead(['a', 'b'])
    expect(store.get('a')).toEqual({ value: 7, timestamp: 1 })
    expect(store.get('b')).toBeUndefined()
  })

  test('asks for a key once: what is known is not read ahead', async () => {
    const { store, reads } = await storeOf([['a', 7]])
    await store.readAhead(['a', 'a', 'b'])
    expect(store.readAhead(['a', 'b'])).toBeUndefined()
    expect(reads).toEqual([['a', 'b']])
  })

  test('answers with a promise on a miss, and at once afterwards', async () => {
    const { store } = await storeOf([['a', 7]])
    await expect(store.get('a')).resolves.toEqual({ value: 7, timestamp: 1 })
    expect(store.get('a')).toEqual({ value: 7, timestamp: 1 })
  })

  test('reads the rows of its own partition only', async () => {
    const { store } = await storeOf([['a', 7]], { partition: 1 })
    expect(await store.get('a')).toBeUndefined()
  })

  test('seals its writes as rows and its deletions as keys', async () => {
    const { store } = await storeOf([])
    store.put('a', { value: 1, timestamp: 5 })
    store.put('b', { value: 1, timestamp: 5 })
    store.put('b', undefined)
    const { changes } = store.seal()
    expect(changes.upserts).toEqual([[0, 'a', 1, 5]])
    expect(changes.deletes).toEqual([[0, 'b']])
  })

  test('a sealed unit does not change with later writes', async () => {
    const { store } = await storeOf([])
    store.put('a', { value: 1, timestamp: 5 })
    const { changes } = store.seal()
    store.put('a', { value: 2, timestamp: 6 })
    expect(changes.upserts).toEqual([[0, 'a', 1, 5]])
  })

  test('reads more keys than one statement takes', async () => {
    const rows = Array.from({ length: 20_001 }, (_, i): [string, number] => [`k${i}`, i])
    const { store, reads } = await storeOf(rows)
    await store.readAhead(rows.map(([key]) => key))
    expect(reads.map(({ length }) => length)).toEqual([10_000, 10_000, 1])
    expect(store.get('k20000')).toEqual({ value: 20_000, timestamp: 1 })
  })

  test('a key that it would refuse is not read ahead, and does not stop the others', async () => {
    const { store } = await storeOf([['a', 7]])
    await store.readAhead(['a', 'x'.repeat(2_501)])
    expect(store.get('a')).toEqual({ value: 7, timestamp: 1 })
  })

  test('a commit that ends just after a read does not take its answer away', async () => {
    const empty: Reader = { getMany: async () => [], range: async () => [] }
    const store = new TableStore(definition, 0, empty, () => 1)
    store.put('other', { value: 1, timestamp: 1 })
    const sealed = store.seal()
    const answer = store.get('a') as Promise<unknown>
    for (let microtask = 0; microtask < 20; microtask++) {
      await Promise.resolve()
      sealed.committed()
    }
    await expect(answer).resolves.toBeUndefined()
  })

  test('finds a row whose int64 key its serde gives as a number', async () => {
    const numbers = { ...definition, name: 'numbers', key: countSerde }
    const database = await databaseOf([], numbers as never)
    await database.transaction((transaction) =>
      transaction.upsertMany(storeTable(numbers as never), [[0, 5n, 7n, 1]]),
    )
    const store = new TableStore<number, number>(numbers, 0, database, () => 1e6)
    expect(await store.get(5)).toEqual({ value: 7, timestamp: 1 })
  })

  test('finds a row whose key is json', async () => {
    const named = { ...definition, name: 'by_json', key: jsonSerde<{ id: number }>() }
    const database = await databaseOf([], named as never)
    const store = new TableStore(named, 0, database, () => 1e6)
    store.put({ id: 1 }, { value: 7, timestamp: 1 })
    await writeSealed(database, store.seal())
    const other = new TableStore(named, 0, database, () => 1e6)
    expect(await other.get({ id: 1 })).toEqual({ value: 7, timestamp: 1 })
  })
})
