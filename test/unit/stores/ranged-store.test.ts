import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Reader } from '../../../src/database/transaction.ts'
import type { KeyInterval } from '../../../src/stores/contract/ranged-store.ts'
import { TableStore } from '../../../src/stores/table-store.ts'
import type { SealedChanges } from '../../../src/stores/task-store.ts'
import { databaseOf, definition, storeOf, writeSealed } from './store-world.ts'

type Rows = readonly (readonly [string, number])[]

async function rowsOf(
  store: TableStore<string, number>,
  interval: KeyInterval<string>,
): Promise<Rows> {
  const rows: (readonly [string, number])[] = []
  for await (const [key, { value }] of store.rows(interval)) rows.push([key, value])
  return rows
}

/** What the rows of a map would be. */
function expectedOf(
  model: ReadonlyMap<string, number>,
  { from, to, reverse }: KeyInterval<string>,
): Rows {
  const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  const isIn = (key: string) =>
    (from === undefined || compare(key, from) >= 0) && (to === undefined || compare(key, to) <= 0)
  const rows = [...model].filter(([key]) => isIn(key)).sort(([a], [b]) => compare(a, b))
  return reverse ? rows.reverse() : rows
}

// U+FFFF is above a surrogate in UTF-16, and below what it stands for in UTF-8.
const key = fc.constantFrom('', 'a', 'ab', 'b', 'ba', '\uffff', '\u{1f600}', 'z')
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key, value: fc.nat(9) }),
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('seal' as const) }),
  fc.record({ do: fc.constant('write' as const) }),
  fc.record({ do: fc.constant('acknowledge' as const) }),
)
const bound = fc.option(key, { nil: undefined })
const interval = fc.record({ from: bound, to: bound, reverse: fc.boolean() })

test.each([1, 1e6])(
  'the rows of a range are those of a sorted map, with a cache of %d bytes',
  async (cacheBytesMax) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30, size: 'max' }),
        interval,
        async (steps, asked) => {
          const database = await databaseOf([['ab', 5]])
          const store = new TableStore(definition, 0, database, () => cacheBytesMax)
          const model = new Map([['ab', 5]])
          const sealed: SealedChanges[] = []
          const written: SealedChanges[] = []
          for (const one of steps) {
            if (one.do === 'put') {
              store.put(one.key, { value: one.value, timestamp: 0 })
              model.set(one.key, one.value)
            } else if (one.do === 'delete') {
              store.put(one.key, undefined)
              model.delete(one.key)
            } else if (one.do === 'seal') sealed.push(store.seal())
            else if (one.do === 'acknowledge') written.shift()?.committed()
            else if (sealed.length > 0) {
              await writeSealed(database, sealed[0]!)
              written.push(sealed.shift()!)
            }
          }
          expect(await rowsOf(store, asked)).toEqual(expectedOf(model, asked))
        },
      ),
      { numRuns: 200 },
    )
  },
)

test('more rows than a page holds come in order, with what is staged between them', async () => {
  const all = Array.from({ length: 2_500 }, (_, i): [string, number] => [
    `k${String(i).padStart(4, '0')}`,
    i,
  ])
  const { store } = await storeOf(all)
  store.put('k1000x', { value: -1, timestamp: 0 })
  store.put('k0001', undefined)
  const model = new Map(all).set('k1000x', -1)
  model.delete('k0001')
  expect(await rowsOf(store, {})).toEqual(expectedOf(model, {}))
  expect(await rowsOf(store, { reverse: true })).toEqual(expectedOf(model, { reverse: true }))
})

test('rows that are put or deleted while others are read show as they have become', async () => {
  const { store } = await storeOf([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ])
  const seen: [string, number][] = []
  for await (const [key, { value }] of store.rows({})) {
    seen.push([key, value])
    if (key !== 'a') continue
    store.put('b', undefined)
    store.put('c', { value: 30, timestamp: 0 })
  }
  expect(seen).toEqual([
    ['a', 1],
    ['c', 30],
  ])
})

test('a commit that ends while rows are read does not bring old ones back', async () => {
  const database = await databaseOf([['a', 1]])
  let end = (): void => undefined
  const late: Reader = {
    getMany: (table, keys) => database.getMany(table, keys),
    range: async (table, range) => {
      const rows = await database.range(table, range)
      end()
      return rows
    },
  }
  const store = new TableStore(definition, 0, late, () => 1)
  store.put('a', { value: 2, timestamp: 0 })
  store.put('b', { value: 3, timestamp: 0 })
  const sealed = store.seal()
  end = () => sealed.committed()
  expect(await rowsOf(store, {})).toEqual([
    ['a', 2],
    ['b', 3],
  ])
})
