import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { resolvePartitions } from '../../../src/topology/compile/resolve-partitions.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { runToy } from './support/toy-application.ts'

const { string } = serdes

function internalTopicsOf(define: (input: KStream<string, string>) => void): readonly string[] {
  const builder = new StreamsBuilder()
  define(builder.stream('in', { key: string, value: string }))
  return builder
    .build()
    .forApplication('app')
    .internalTopics.map(({ topic }) => topic)
}

test('a null key before a repartition is dropped and counted', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupBy((_, value) => (value === '' ? null : value), { name: 'words' })
    .count({ store: 's' })
  const application = await runToy(builder.build(), [
    ['a', 'x'],
    ['a', ''],
    ['a', 'x'],
  ])
  expect(application.rows('s')).toEqual([['x', 2, 0]])
  expect(application.context.drops).toEqual([['null-key', 'words-repartition-filter']])
})

test('an unchanged key is not repartitioned', () => {
  expect(
    internalTopicsOf((input) =>
      input
        .filter(() => true)
        .mapValues((value) => value)
        .groupByKey()
        .count(),
    ),
  ).toEqual([])
})

test.each<[string, (input: KStream<string, string>) => KStream<string, string>]>([
  ['map', (input) => input.map((key, value) => [key, value])],
  ['flatMap', (input) => input.flatMap((key, value) => [[key, value]])],
  ['selectKey', (input) => input.selectKey((key) => key)],
  ['merge of one that did', (input) => input.merge(input.selectKey((key) => key))],
])('%s may have changed the key: groupByKey repartitions', (_, define) => {
  const topics = internalTopicsOf((input) =>
    define(input).groupByKey({ value: string }).count({ store: 's' }),
  )
  expect(topics).toEqual(['app-s-repartition'])
})

test('a change of the key alone does not repartition', () => {
  expect(internalTopicsOf((input) => input.selectKey((key) => key).to('out'))).toEqual([])
})

test('the repartition topic is named by the group, else by the store, else by the generated name of the store', () => {
  const topics = internalTopicsOf((input) => {
    input.groupBy((key) => key, { name: 'given' }).count({ store: 'counts' })
    input.groupBy((key) => key).count({ store: 'words' })
    input.groupBy((key) => key).count()
  })
  expect(topics).toEqual([
    'app-given-repartition',
    'app-words-repartition',
    'app-KSTREAM-AGGREGATE-STATE-STORE-0000000012-repartition',
  ])
})

test('two aggregates of a named group share its topic, which then carries plain records', () => {
  const builder = new StreamsBuilder()
  const group = builder
    .stream('in', { key: string, value: string })
    .groupBy((_, value) => value, { name: 'words' })
  group.count({ store: 'counts' })
  group.reduce((_, value) => value, { store: 'last' })
  const { internalTopics, subtopologies } = builder.build().forApplication('app')
  expect(internalTopics).toEqual([
    { topic: 'app-words-repartition', sizedBy: ['in'], combined: false },
  ])
  expect(subtopologies.map(({ stores }) => stores.map(({ name }) => name))).toEqual([
    [],
    ['counts', 'last'],
  ])
})

test('a repartition topic is sized by all topics of the sub-topologies that write to it', () => {
  const builder = new StreamsBuilder()
  const more = builder.stream(['in2', 'in3'], { key: string, value: string })
  builder
    .stream('in', { key: string, value: string })
    .merge(more)
    .groupBy((_, value) => value)
    .count({ store: 's' })
  const { internalTopics } = builder.build().forApplication('app')
  expect(internalTopics).toEqual([
    { topic: 'app-s-repartition', sizedBy: ['in2', 'in3', 'in'], combined: true },
  ])
})

test('repartition goes through a topic of its own and drops null keys', async () => {
  const builder = new StreamsBuilder()
  const dropsEmpty = (_: string, value: string) => (value === '' ? null : value)
  builder
    .stream('in', { key: string, value: string })
    .selectKey(dropsEmpty)
    .repartition({ name: 'words' })
    .to('out')
  const application = await runToy(builder.build(), [
    ['a', 'x', 3],
    ['a', '', 4],
  ])
  expect(application.read('toy-words-repartition', string, string)).toEqual([['x', 'x', 3]])
  expect(application.read('out', string, string)).toEqual([['x', 'x', 3]])
  expect(application.context.drops).toEqual([['null-key', 'words-repartition-filter']])
})

test('an aggregate behind a repartition needs no other', () => {
  expect(
    internalTopicsOf((input) =>
      input
        .selectKey((_, value) => value)
        .repartition({ name: 'words' })
        .groupByKey()
        .count(),
    ),
  ).toEqual(['app-words-repartition'])
})

test('the partitions of a repartition may be given', () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .repartition({ name: 'words', partitions: 7 })
    .selectKey((key) => key)
    .repartition({ name: 'again' })
    .to('out')
  const runnable = builder.build().forApplication('app')
  const { internalTopics, tasks } = resolvePartitions(runnable, new Map([['in', 2]]))
  expect(internalTopics).toEqual(
    new Map([
      ['app-words-repartition', 7],
      ['app-again-repartition', 7],
    ]),
  )
  expect(tasks).toEqual([2, 7, 7])
})

test.each([0, -1, 1.5, Number.NaN])('a repartition cannot have %s partitions', (partitions) => {
  const input = new StreamsBuilder().stream('in', { key: string, value: string })
  expect(() => input.repartition({ name: 'words', partitions })).toThrow(
    `the topic words cannot have ${partitions} partitions`,
  )
})

test('a repartition of a name that is taken is refused', () => {
  const input = new StreamsBuilder().stream('in', { key: string, value: string })
  input.repartition({ name: 'words' })
  expect(() => input.repartition({ name: 'words' })).toThrow(
    "two nodes are named 'words-repartition-filter'",
  )
})
