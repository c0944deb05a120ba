import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { resolvePartitions } from '../../../src/topology/compile/resolve-partitions.ts'
import type { RunnableTopology } from '../../../src/topology/runnable-topology.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { FakeContext } from './support/fake-context.ts'

const { string } = serdes
const source = { key: string, value: string }

function compiled(define: (builder: StreamsBuilder) => void): RunnableTopology {
  const builder = new StreamsBuilder()
  define(builder)
  return builder.build().forApplication('app')
}

const wordCount = compiled((builder) => {
  builder
    .stream(['lines', 'more'], { ...source, offsetReset: 'latest' })
    .groupBy((_, word) => word, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to('out')
})

test('internal topics bear the application id, others do not', () => {
  expect(wordCount.subtopologies.map(({ sources, sinks }) => ({ sources, sinks }))).toEqual([
    {
      sources: [
        { topic: 'lines', offsetReset: 'latest', internal: false, isGlobal: false },
        { topic: 'more', offsetReset: 'latest', internal: false, isGlobal: false },
      ],
      sinks: ['app-words-repartition'],
    },
    {
      sources: [
        {
          topic: 'app-words-repartition',
          offsetReset: 'earliest',
          internal: true,
          isGlobal: false,
        },
      ],
      sinks: ['out'],
    },
  ])
  expect(wordCount.outputTopics).toEqual(['out'])
})

test('stores belong to the sub-topology that uses them', () => {
  const [first, second] = wordCount.subtopologies
  expect(first!.stores).toEqual([])
  expect(second!.stores).toMatchObject([
    {
      kind: 'key-value',
      name: 'counts',
      key: { name: 'string' },
      value: { name: 'count' },
      cache: true,
    },
  ])
})

test('sub-topologies are numbered by their first nodes; streams that meet are one', () => {
  const { subtopologies } = compiled((builder) => {
    builder.stream('a', source).to('out')
    const b = builder.stream('b', source)
    builder.stream('c', source).merge(b).to('out')
  })
  expect(subtopologies.map(({ id, sources }) => [id, sources.map(({ topic }) => topic)])).toEqual([
    [0, ['a']],
    [1, ['b', 'c']],
  ])
})

test('a repartition topic has the partitions of the largest topic that feeds it, a sub-topology a task for each', () => {
  const { internalTopics, tasks } = resolvePartitions(
    wordCount,
    new Map([
      ['lines', 3],
      ['more', 5],
    ]),
  )
  expect(internalTopics).toEqual(new Map([['app-words-repartition', 5]]))
  expect(tasks).toEqual([5, 5])
})

test('repartition topics are sized through each other', () => {
  const topology = compiled((builder) => {
    const again = (stream: KStream<string, string>, name: string) =>
      stream
        .groupBy((key) => key, { name })
        .reduce((_, value) => value, { store: name })
        .toStream()
    again(again(builder.stream('in', source), 'one'), 'two').to('out')
  })
  const { internalTopics, tasks } = resolvePartitions(topology, new Map([['in', 4]]))
  expect([...internalTopics.values(), ...tasks]).toEqual([4, 4, 4, 4, 4])
})

test('source topics that do not exist are named', () => {
  expect(() => resolvePartitions(wordCount, new Map([['more', 1]]))).toThrow(
    expect.objectContaining({
      code: 'TOPIC_MISSING',
      message: expect.stringContaining('read do not exist: lines'),
    }),
  )
})

test('stores that are reached without a change of the key are read ahead, by the key of the record', () => {
  const topology = compiled((builder) => {
    const input = builder.stream('in', source).filter(() => true)
    input
      .groupByKey()
      .count({ store: 'direct' })
      .toStream()
      .groupByKey()
      .count({ store: 'chained' })
    input
      .selectKey((_, value) => value)
      .groupByKey()
      .count({ store: 'behind' })
  })
  const graphs = topology.subtopologies.map(({ open }) =>
    open(new FakeContext(() => 'at-once', false)),
  )
  const readAheads = graphs[0]!.readAhead('in')
  expect(readAheads.map(({ store }) => store)).toEqual(['direct', 'chained'])
  const record = { key: 'a', value: 'x', timestamp: 0, headers: [] }
  expect(readAheads[0]!.keyOf(record)).toBe('a')
  expect(readAheads[0]!.keyOf({ ...record, key: null })).toBeUndefined()
  expect(graphs[1]!.readAhead('app-behind-repartition').map(({ store }) => store)).toEqual([
    'behind',
  ])
  expect(graphs[0]!.readAhead('unknown')).toEqual([])
})
