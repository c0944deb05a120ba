import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'

const { string } = serdes
const source = { key: string, value: string }
const combine = false

/**
 * Topologies whose descriptions were printed by Kafka Streams 4.3.1: see
 * `shared/conformance/oracle.sh --describe`.
 */
const topologies: Record<string, (builder: StreamsBuilder) => void> = {
  'word-count': (builder) => {
    builder
      .stream('lines', source)
      .flatMapValues((line) => line.split(' '))
      .groupBy((_, word) => word, { name: 'words' })
      .count({ store: 'counts', combine })
      .toStream()
      .to('word-counts')
  },

  'generated-names': (builder) => {
    const input = builder.stream('in', source)
    const group = () => input.groupBy((_, value) => value)
    // Materialised without a name: Kafka Streams takes one number more for `count`.
    group().count({ cache: true, combine }).toStream().to('counts')
    group()
      .reduce((_, value) => value)
      .toStream()
      .to('reduced')
    group()
      .aggregate({ init: () => '', add: (_, value, all) => all + value, value: string })
      .toStream()
      .to('aggregated')
  },

  stateless: (builder) => {
    const input = builder.stream('in', source)
    input
      .filter(() => true)
      .filterNot(() => false)
      .mapValues((value) => value)
      .map((key, value) => [key, value])
      .flatMap((key, value) => [[key, value]])
      .flatMapValues((value) => [value])
      .selectKey((key) => key)
      .peek(() => undefined)
      .merge(input)
      .to('out')
  },

  'without-repartition': (builder) => {
    const group = builder.stream('in', source).groupByKey()
    const counts = group.count({ store: 'counts' })
    group.reduce((_, value) => value, { store: 'last' })
    group.aggregate({
      init: () => '',
      add: (_, value, all) => all + value,
      value: string,
      store: 'all',
    })
    counts.toStream().to('out')
  },

  'shared-group': (builder) => {
    const group = builder.stream('in', source).groupBy((_, value) => value, { name: 'words' })
    const counts = group.count({ store: 'counts' })
    group.reduce((_, value) => value, { store: 'last' })
    counts.toStream().to('out')
  },

  'same-topic-twice': (builder) => {
    const first = builder.stream('in', source).filter(() => true)
    const second = builder.stream('in', source).mapValues((value) => value)
    first.to('first')
    second.to('second')
  },

  'several-topics': (builder) => {
    builder.stream(['payments', 'in1', 'in2'], source).to('out')
  },

  'chained-repartitions': (builder) => {
    builder
      .stream('in', source)
      .selectKey((_, value) => value)
      .groupByKey({ name: 'first' })
      .count({ store: 'counts', combine })
      .toStream()
      .mapValues(String)
      .groupBy((_, count) => count, { name: 'second', value: string })
      .count({ store: 'counts-of-counts', combine })
      .toStream()
      .to('out')
    builder.stream('other', source).to('copy')
  },
}

const optimized: Record<string, (builder: StreamsBuilder) => void> = {
  'optimized-repartitions': (builder) => {
    const changed = builder.stream('in', source).selectKey((_, value) => value)
    const filtered = changed.filter(() => true)
    filtered.groupByKey().count({ store: 'counts', combine })
    changed.groupByKey().reduce((_, value) => value, { store: 'last' })
    const mapped = changed.mapValues((value) => value)
    mapped.groupByKey({ value: string }).reduce((_, value) => value, { store: 'mapped' })
    filtered.to('out')
  },

  'optimized-merged-streams': (builder) => {
    const one = builder.stream('in', source)
    const merged = one.merge(builder.stream('in2', source).selectKey((_, value) => value))
    merged
      .filter(() => true)
      .groupByKey()
      .count({ store: 'counts', combine })
    merged.groupByKey().reduce((_, value) => value, { store: 'last' })
  },

  'optimized-self-join': (builder) => {
    const changed = builder.stream('in', source).selectKey((_, value) => value)
    changed
      .leftJoin(changed, (left, right) => `${left}${right}`, {
        beforeMs: 5,
        afterMs: 5,
        graceMs: 5,
      })
      .to('out', { value: string })
  },
}

test.each(Object.keys(optimized))('%s has the description of Kafka Streams', (name) => {
  const builder = new StreamsBuilder()
  optimized[name]!(builder)
  const expected = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8')
  const description = builder.build({ optimize: 'all' }).describe()
  expect(sortNeighbours(description)).toBe(sortNeighbours(expected))
})

test('an optimisation is applied only where it is asked for', () => {
  const builder = new StreamsBuilder()
  optimized['optimized-self-join']!(builder)
  const merged = builder.build({ optimize: ['merge.repartition.topics'] })
  const descriptions = [merged, builder.build({ optimize: 'all' })].map((one) => one.describe())
  expect(descriptions.map((text) => text.match(/-store\b/g)!.length)).toEqual([6, 2])
  expect(builder.build({ optimize: [] }).describe()).toBe(builder.build().describe())
})

test.each(Object.keys(topologies))('the description of %s is the one of Kafka Streams', (name) => {
  const builder = new StreamsBuilder()
  topologies[name]!(builder)
  const expected = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8')
  expect(sortNeighbours(builder.build().describe())).toBe(sortNeighbours(expected))
})

/**
 * Where a node has several neighbours, Java's order of them depends on the hash codes of all names.
 */
function sortNeighbours(description: string): string {
  return description.replace(/(-->|<--) (.*)/g, (_, arrow: string, names: string) => {
    return `${arrow} ${names.split(', ').sort().join(', ')}`
  })
}

test('combining adds a processor before the sink and changes no other name', () => {
  const builder = new StreamsBuilder()
  builder
    .stream('lines', source)
    .groupBy((_, line) => line, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to('out')
  const without = new StreamsBuilder()
  without
    .stream('lines', source)
    .groupBy((_, line) => line, { name: 'words' })
    .count({ store: 'counts', combine })
    .toStream()
    .to('out')
  const names = (text: string) =>
    [...text.matchAll(/(?:Source|Processor|Sink): (\S+)/g)].map(([, name]) => name)
  const combined = names(builder.build().describe())
  expect(combined.filter((name) => name !== 'words-repartition-combine')).toEqual(
    names(without.build().describe()),
  )
  expect(combined).toContain('words-repartition-combine')
})

test('the Mermaid drawing has sub-topologies, topics and stores', () => {
  const builder = new StreamsBuilder()
  builder.stream('in', source).groupByKey().count({ store: 'counts' }).toStream().to('out')
  expect(builder.build().mermaid()).toBe(`flowchart TD
  subgraph s0["Sub-topology 0"]
    n0["KSTREAM-SOURCE-0000000000"]
    n1["KSTREAM-AGGREGATE-0000000001"]
    n2["KTABLE-TOSTREAM-0000000002"]
    n3["KSTREAM-SINK-0000000003"]
    n4[("counts")]
  end
  n5(["in"])
  n6(["out"])
  n5 --> n0
  n0 --> n1
  n1 --- n4
  n1 --> n2
  n2 --> n3
  n3 --> n6
`)
})
