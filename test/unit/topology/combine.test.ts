import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MAX_HELD_KEYS } from '../../../src/topology/nodes/held-changes.ts'
import { PARTIAL_HEADER } from '../../../src/topology/processing/partial-mark.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { CountOptions } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { runToy, ToyApplication, type Input } from './support/toy-application.ts'

const { string, int64 } = serdes
const topic = 'toy-words-repartition'

function wordCount(options: CountOptions = {}): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupBy((key) => key, { name: 'words' })
    .count({ store: 's', ...options })
    .toStream()
    .to('out', { value: int64 })
  return builder.build()
}

test('counts are combined before a repartition: one partial count for each key and commit', async () => {
  const application = await runToy(wordCount(), [
    ['a', 'x', 5],
    ['b', 'x', 1],
    ['a', 'x', 3],
  ])
  expect(application.read(topic, string, int64)).toEqual([
    ['a', 2n, 5],
    ['b', 1n, 1],
  ])
  expect(application.internal.map(({ headers }) => headers.map(([name]) => name))).toEqual([
    [PARTIAL_HEADER],
    [PARTIAL_HEADER],
  ])
  expect(application.rows('s')).toEqual([
    ['a', 2, 5],
    ['b', 1, 1],
  ])
})

test('combine: false sends every record', async () => {
  const application = await runToy(wordCount({ combine: false }), [
    ['a', 'x', 5],
    ['a', 'y', 3],
  ])
  expect(application.read(topic, string, string)).toEqual([
    ['a', 'x', 5],
    ['a', 'y', 3],
  ])
  expect(application.rows('s')).toEqual([['a', 2, 5]])
})

test('only the combined topic says that it is', () => {
  const combinedOf = (topology: Topology) =>
    topology.forApplication('app').internalTopics.map(({ combined }) => combined)
  expect(combinedOf(wordCount())).toEqual([true])
  expect(combinedOf(wordCount({ combine: false }))).toEqual([false])
})

test('null values are dropped before they are combined, and counted', async () => {
  const application = await runToy(wordCount(), [
    ['a', 'x'],
    ['a', null],
  ])
  expect(application.rows('s')).toEqual([['a', 1, 0]])
  expect(application.context.drops).toEqual([['null-value', 'words-repartition-combine']])
})

test('the mark is gone behind the topic, other headers are not', async () => {
  const header = ['h', Uint8Array.of(1)] as const
  const { outputs } = await runToy(wordCount(), [['a', 'x', 0, [header]]])
  expect(outputs.map(({ headers }) => headers)).toEqual([[header]])
})

test('a plain record in a topic of partial results cannot be read', async () => {
  const application = new ToyApplication(wordCount())
  const plain = { offset: 0n, key: null, value: null, timestamp: 0, headers: [] }
  await expect(application.consume(topic, plain)).rejects.toMatchObject({
    code: 'DESERIALIZATION_FAILED',
  })
})

test('a reducer that is declared associative is combined', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupBy((key) => key, { name: 'words' })
    .reduce((earlier, later) => earlier + later, { store: 's', combine: true })
  const application = new ToyApplication(builder.build())
  for (const value of ['1', '2']) await application.pipe('in', ['a', value])
  await application.commit()
  await application.pipe('in', ['a', '3'])
  await application.commit()
  expect(application.read(topic, string, string)).toEqual([
    ['a', '12', 0],
    ['a', '3', 0],
  ])
  expect(application.rows('s')).toEqual([['a', '123', 0]])
})

test('an aggregate with a function to combine is aggregated on both sides of the topic', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupBy((key) => key, { name: 'words' })
    .aggregate({
      init: () => 0,
      add: (_, value, total) => total + Number(value),
      combine: (earlier, later) => earlier + later,
      value: serdes.double,
      store: 's',
    })
  const application = await runToy(builder.build(), [
    ['a', '1'],
    ['a', '2.5'],
  ])
  expect(application.read(topic, string, serdes.double)).toEqual([['a', 3.5, 0]])
  expect(application.rows('s')).toEqual([['a', 3.5, 0]])
})

test('a combined aggregation that deletes fails where it is combined', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupBy((key) => key, { name: 'words' })
    .reduce(() => null, { store: 's', combine: true })
  const application = await runToy(
    builder.build(),
    [
      ['a', 'x'],
      ['a', 'x'],
    ],
    { skipsFailures: true },
  )
  expect(application.context.failures).toMatchObject([
    { node: 'words-repartition-combine', phase: 'processing' },
  ])
})

test('a combiner that holds too many keys sends them without waiting for the commit', () => {
  const application = new ToyApplication(wordCount())
  const graph = application.runnable.subtopologies[0]!.open(application.context)
  for (let key = 0; key <= MAX_HELD_KEYS; key++) {
    void graph.process('in', { key: String(key), value: 'x', timestamp: 0, headers: [] })
  }
  expect(application.context.sent).toHaveLength(MAX_HELD_KEYS)
})

test('combined counts are those of plain records, whenever commits happen', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constantFrom('a', 'b', 'c', null),
        fc.constantFrom('x', null),
        fc.nat(99),
      ),
    },
    { weight: 1, arbitrary: fc.constant('commit' as const) },
  )
  const rowsAfter = async (topology: Topology, steps: readonly (Input | 'commit')[]) => {
    const application = new ToyApplication(topology)
    for (const input of steps)
      await (input === 'commit' ? application.commit() : application.pipe('in', input))
    await application.commit()
    return application.context.stores.get('s')!.rows
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      const plain = await rowsAfter(wordCount({ combine: false }), steps)
      expect(new Map([...(await rowsAfter(wordCount(), steps))].sort())).toEqual(
        new Map([...plain].sort()),
      )
    }),
  )
})
