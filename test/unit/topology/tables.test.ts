import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KTable } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ToyApplication, type Input, type ToyOptions } from './support/toy-application.ts'

const { string } = serdes
const SERDES = { key: string, value: string }
type Table = KTable<string, string | null>

function built(define: (table: Table, builder: StreamsBuilder) => unknown, store?: string) {
  const builder = new StreamsBuilder()
  const options = { ...SERDES, cache: false, ...(store !== undefined && { store }) }
  define(builder.table('in', options), builder)
  return builder.build()
}

const storesOf = (topology: ReturnType<typeof built>) =>
  topology.forApplication('app').subtopologies.map(({ stores }) => stores.map(({ name }) => name))

test('a table has a store when it is named, or when an operator below looks up rows or old values', () => {
  expect(storesOf(built((table) => table.toStream().to('out')))).toEqual([[]])
  expect(storesOf(built((table) => table.toStream().to('out'), 'rows'))).toEqual([['rows']])
  expect(
    storesOf(
      built((table) =>
        table
          .filter(() => true)
          .toStream()
          .to('out'),
      ),
    ),
  ).toEqual([[]])
  const looksUp = built((table, builder) =>
    builder.stream('other', SERDES).join(
      table.filter(() => true),
      (one, two) => one + two,
    ),
  )
  expect(storesOf(looksUp)).toEqual([['in-STATE-STORE-0000000000']])
  const groups = built((table) => table.groupBy((key, value) => [value, key]).count({ store: 'c' }))
  expect(storesOf(groups)).toEqual([['in-STATE-STORE-0000000000'], ['c']])
})

const longs = (table: Table) =>
  table
    .filter((_, value) => value.length > 1)
    .toStream()
    .to('out')
const SHORT: readonly Input[] = [
  ['a', 'x'],
  ['a', 'xy'],
  ['a', 'x'],
  ['a', null],
]

async function outputs(
  topology: ReturnType<typeof built>,
  inputs: readonly Input[],
  options?: ToyOptions,
) {
  const toy = new ToyApplication(topology, options)
  for (const input of inputs) {
    await toy.pipe('in', input)
    await toy.commit()
  }
  return toy.read('out', string, string).map(([key, value]) => [key, value])
}

test('a filter tells of rows that never passed only where it cannot know that they did not', async () => {
  expect(await outputs(built(longs), SHORT)).toEqual([
    ['a', null],
    ['a', 'xy'],
    ['a', null],
    ['a', null],
  ])
  expect(await outputs(built(longs, 'rows'), SHORT)).toEqual([
    ['a', 'xy'],
    ['a', null],
  ])
})

const grouped = (cache: boolean) => {
  const builder = new StreamsBuilder()
  builder
    .table('in', { ...SERDES, cache })
    .mapValues((value) => value.toUpperCase())
    .groupBy((key, value) => [value, key], { name: 'by-value' })
    .reduce(
      (keys, key) => keys + key,
      (keys, key) => keys.replace(key, ''),
      { store: 'keys', cache: false },
    )
    .toStream()
    .to('out')
  return builder.build()
}

test('a row leaves its old group before it comes to the new one', async () => {
  const moves: readonly Input[] = [
    ['k', 'a'],
    ['l', 'a'],
    ['k', 'b'],
    ['l', null],
  ]
  expect(await outputs(grouped(false), moves)).toEqual([
    ['A', 'k'],
    ['A', 'kl'],
    ['A', 'l'],
    ['B', 'k'],
    ['A', ''],
  ])
})

test('a cached table tells its groups of each row once for each commit, with the value that it told last', async () => {
  const toy = new ToyApplication(grouped(true))
  for (const value of ['a', 'b', 'c']) await toy.pipe('in', ['k', value])
  await toy.commit()
  for (const value of ['d', 'e']) await toy.pipe('in', ['k', value])
  await toy.commit()
  expect(toy.read('out', string, string).map(([key, value]) => [key, value])).toEqual([
    ['C', 'k'],
    ['C', ''],
    ['E', 'k'],
  ])
})

const joined = () => {
  const builder = new StreamsBuilder()
  const table = builder.table('in', { ...SERDES, cache: false })
  const upper = table.filter((key) => key !== 'z').mapValues((value) => value.toUpperCase())
  table
    .outerJoin(upper, (one, other) => `${one}/${other}`, {
      store: 'both',
      value: string,
      cache: false,
    })
    .toStream()
    .to('out')
  return builder.build()
}

test('look-ups that are answered later give what those give that are answered at once', async () => {
  const inputs: readonly Input[] = [
    ['a', 'x'],
    ['z', 'y'],
    ['a', 'xy'],
    ['z', null],
  ]
  const atOnce = await outputs(joined(), inputs)
  expect(await outputs(joined(), inputs, { answers: () => 'later' })).toEqual(atOnce)
  expect(atOnce).toContainEqual(['a', 'xy/XY'])
  expect(atOnce).toContainEqual(['z', 'y/null'])
})

test('a function that throws in a look-up fails at the node that looks up', async () => {
  const topology = built((table, builder) => {
    const refusing = table.mapValues((value) => {
      if (value === 'poison') throw new TypeError('refused')
      return value
    })
    builder.stream('other', SERDES).join(refusing, (one, two) => one + two, { name: 'meet' })
  })
  const toy = new ToyApplication(topology, { skipsFailures: true })
  await toy.pipe('in', ['a', 'poison'])
  await toy.pipe('other', ['a', 'x'])
  expect(toy.context.failures.map(({ node, phase }) => [node, phase])).toEqual([
    ['KTABLE-MAPVALUES-0000000003', 'processing'],
    ['meet', 'processing'],
  ])
})

test('a table of another builder is refused', () => {
  const other = new StreamsBuilder().table('other', SERDES)
  expect(() => built((table) => table.join(other, (one, two) => one + two))).toThrow(
    'a table is joined with a table of the same StreamsBuilder',
  )
})

test('two operators cannot keep stores of one name, but may read one', () => {
  expect(() => built((table) => table.filter(() => true, { store: 'rows' }), 'rows')).toThrow(
    "two operators have a store named 'rows'",
  )
})
