import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import type { Answers } from './support/fake-store.ts'
import { ToyApplication, type Input } from './support/toy-application.ts'

const { string } = serdes
const operator = fc.constantFrom(
  'filter',
  'map',
  'flatMapValues',
  'generator',
  'reduce',
  'count',
  'branch',
  'merge',
)
type Operator = typeof operator extends fc.Arbitrary<infer Name> ? Name : never

/** A chain of operators, in which every stateful one may wait. */
function chain(operators: readonly Operator[], cache: boolean): Topology {
  const builder = new StreamsBuilder()
  let stream: KStream<string, string> = builder.stream('in', { key: string, value: string })
  operators.forEach((name, index) => {
    stream = apply(stream, name, `s${index}`, cache)
  })
  stream.to('out', { value: string })
  return builder.build()
}

function apply(
  stream: KStream<string, string>,
  name: Operator,
  store: string,
  cache: boolean,
): KStream<string, string> {
  const counts = () => stream.groupByKey({ value: string }).count({ store, cache }).toStream()
  switch (name) {
    case 'filter':
      return stream.filter((_, value) => value !== 'b')
    case 'map':
      return stream.map((key, value) => [value.slice(0, 1), key + value.slice(0, 3)])
    case 'flatMapValues':
      return stream.flatMapValues((value) => [value, `${value}'`.slice(0, 3)])
    case 'generator':
      return stream.flatMapValues(function* (value) {
        yield value
        yield 'b'
      })
    case 'reduce':
      return stream
        .groupByKey({ value: string })
        .reduce((a, b) => (a + b).slice(-4), { store, cache, value: string })
        .toStream()
    case 'count':
      return text(counts())
    case 'branch':
      text(counts()).to('side', { value: string })
      return stream
    case 'merge':
      return stream.merge(text(counts()))
  }
}

/**
 * With the type that the chain has; its serde, which does not fit, is given wherever one is needed.
 */
function text(counts: KStream<string, number>): KStream<string, string> {
  return counts.mapValues(String) as unknown as KStream<string, string>
}

async function resultOf(
  topology: Topology,
  inputs: readonly (Input | 'commit')[],
  answers: Answers,
): Promise<unknown> {
  const application = new ToyApplication(topology, { answers })
  for (const input of inputs)
    await (input === 'commit' ? application.commit() : application.pipe('in', input))
  await application.commit()
  const { outputs, internal, context } = application
  return {
    outputs,
    internal,
    drops: context.drops,
    rows: [...context.stores].map(([name]) => [name, application.rows(name)]),
  }
}

test('stores that answer later give the results of stores that answer at once', async () => {
  const input = fc.tuple(
    fc.constantFrom('a', 'b', null),
    fc.constantFrom('a', 'b', 'cc'),
    fc.nat(9),
  )
  const inputs = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: input },
      { weight: 1, arbitrary: fc.constant('commit' as const) },
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(operator, { maxLength: 5 }),
      fc.boolean(),
      inputs,
      fc.infiniteStream(fc.boolean()),
      async (operators, cache, steps, coins) => {
        const topology = chain(operators, cache)
        const atOnce = await resultOf(topology, steps, () => 'at-once')
        expect(await resultOf(topology, steps, () => 'later')).toEqual(atOnce)
        expect(
          await resultOf(topology, steps, () => (coins.next().value ? 'later' : 'at-once')),
        ).toEqual(atOnce)
      },
    ),
    { numRuns: 60 },
  )
})

test('process gives a promise only where a store answers later', async () => {
  const graphOf = (answers: Answers) => {
    const application = new ToyApplication(chain(['reduce'], false), { answers })
    return application.runnable.subtopologies[0]!.open(application.context)
  }
  const record = { key: 'a', value: 'x', timestamp: 0, headers: [] }
  expect(graphOf(() => 'at-once').process('in', record)).toBeUndefined()
  const pending = graphOf(() => 'later').process('in', record)
  expect(pending).toBeInstanceOf(Promise)
  await pending
})
