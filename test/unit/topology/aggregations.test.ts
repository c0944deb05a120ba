import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KGroupedStream, KTable } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { runToy } from './support/toy-application.ts'

const { string } = serdes
const cache = false

function aggregating(
  define: (group: KGroupedStream<string, string>) => KTable<string, string | null>,
): Topology {
  const builder = new StreamsBuilder()
  define(builder.stream('in', { key: string, value: string }).groupByKey())
    .toStream()
    .to('out', { value: string })
  return builder.build()
}

function counting(): Topology {
  const builder = new StreamsBuilder()
  const { int64 } = serdes
  builder
    .stream('in', { key: string, value: string })
    .groupByKey()
    .count({ store: 's', cache })
    .toStream()
    .to('out', { value: int64 })
  return builder.build()
}

test('count forwards each count when it is not cached', async () => {
  const application = await runToy(counting(), [
    ['a', 'x', 1],
    ['b', 'x', 2],
    ['a', 'y', 3],
  ])
  expect(application.read('out', string, serdes.int64)).toEqual([
    ['a', 1n, 1],
    ['b', 1n, 2],
    ['a', 2n, 3],
  ])
  expect(application.rows('s')).toEqual([
    ['a', 2, 3],
    ['b', 1, 2],
  ])
})

test('a null key and a null value are dropped before an aggregation, and counted', async () => {
  const application = await runToy(counting(), [
    [null, 'x'],
    ['a', null],
    [null, null],
  ])
  expect(application.outputs).toEqual([])
  expect(application.context.drops).toEqual(
    [
      ['null-key', 'KSTREAM-AGGREGATE-0000000001'],
      ['null-value', 'KSTREAM-AGGREGATE-0000000001'],
      ['null-key', 'KSTREAM-AGGREGATE-0000000001'],
    ].map(([reason]) => [reason, expect.stringContaining('KSTREAM-AGGREGATE-')]),
  )
})

test('the timestamp of a result is the highest of its records', async () => {
  const application = await runToy(counting(), [
    ['a', 'x', 9],
    ['a', 'x', 4],
  ])
  expect(application.read('out', string, serdes.int64)).toEqual([
    ['a', 1n, 9],
    ['a', 2n, 9],
  ])
})

test('reduce takes the first value as it is, without calling the reducer', async () => {
  const calls: string[] = []
  const topology = aggregating((group) =>
    group.reduce(
      (sum, value) => {
        calls.push(value)
        return sum + value
      },
      { store: 's', cache },
    ),
  )
  const application = await runToy(topology, [
    ['a', 'x', 1],
    ['a', 'y', 2],
  ])
  expect(application.read('out', string, string)).toEqual([
    ['a', 'x', 1],
    ['a', 'xy', 2],
  ])
  expect(calls).toEqual(['y'])
})

test.each([null, undefined])(
  'a reducer that gives %s deletes the row; the next record is the first again',
  async (nothing) => {
    const topology = aggregating((group) =>
      group.reduce((sum, value) => (value === 'delete' ? nothing : sum + value), {
        store: 's',
        cache,
      }),
    )
    const application = await runToy(topology, [
      ['a', 'x', 5],
      ['a', 'delete', 3],
      ['a', 'y', 4],
    ])
    expect(application.read('out', string, string)).toEqual([
      ['a', 'x', 5],
      ['a', null, 5],
      ['a', 'y', 4],
    ])
    expect(application.rows('s')).toEqual([['a', 'y', 4]])
  },
)

test('aggregate starts with init, and again after add has deleted the row', async () => {
  const topology = aggregating((group) =>
    group.aggregate({
      init: () => '>',
      add: (key, value, aggregate) => (value === 'delete' ? null : `${aggregate}${key}${value}`),
      store: 's',
      value: string,
      cache,
    }),
  )
  const application = await runToy(topology, [
    ['a', '1'],
    ['a', '2'],
    ['a', 'delete'],
    ['a', '3'],
  ])
  expect(application.read('out', string, string).map(([, value]) => value)).toEqual([
    '>a1',
    '>a1a2',
    null,
    '>a3',
  ])
})

test('an aggregator that gives null for a key without a row forwards null when it is not cached', async () => {
  const topology = aggregating((group) =>
    group.aggregate({ init: () => '', add: () => null, store: 's', value: string, cache }),
  )
  expect((await runToy(topology, [['a', 'x', 3]])).read('out', string, string)).toEqual([
    ['a', null, 3],
  ])
})
