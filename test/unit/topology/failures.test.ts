import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { runToy, ToyApplication } from './support/toy-application.ts'

const { string } = serdes
const boom = new RangeError('boom')

function fail(): never {
  throw boom
}

function topologyOf(define: (input: KStream<string, string>) => void) {
  const builder = new StreamsBuilder()
  define(builder.stream('in', { key: string, value: string }))
  return builder.build()
}

test.each<[string, (input: KStream<string, string>) => unknown]>([
  ['filter', (input) => input.filter(fail, { name: 'n' })],
  ['map', (input) => input.map(fail, { name: 'n' })],
  ['map that gives no pair', (input) => input.map(() => undefined as never, { name: 'n' })],
  ['mapValues', (input) => input.mapValues(fail, { name: 'n' })],
  ['flatMap', (input) => input.flatMap(fail, { name: 'n' })],
  ['flatMap that gives no pairs', (input) => input.flatMap(() => [null as never], { name: 'n' })],
  ['flatMapValues', (input) => input.flatMapValues(fail, { name: 'n' })],
  [
    'flatMapValues that gives nothing to iterate',
    (input) => input.flatMapValues(() => null as never, { name: 'n' }),
  ],
  [
    'a generator',
    (input) =>
      input.flatMapValues(
        function* () {
          yield fail()
        },
        { name: 'n' },
      ),
  ],
  ['selectKey', (input) => input.selectKey(fail, { name: 'n' })],
  ['peek', (input) => input.peek(fail, { name: 'n' })],
  [
    'init',
    (input) =>
      input.groupByKey().aggregate({ init: fail, add: () => 'x', value: string, name: 'n' }),
  ],
  [
    'add',
    (input) =>
      input.groupByKey().aggregate({ init: () => '', add: fail, value: string, name: 'n' }),
  ],
])('what %s throws is reported once, by its node', async (_, define) => {
  const topology = topologyOf((input) => define(input.filter(() => true).peek(() => undefined)))
  const { context } = await runToy(topology, [['a', 'x']], { skipsFailures: true })
  expect(context.failures).toMatchObject([{ node: 'n', phase: 'processing' }])
})

test.each<[string, (input: KStream<string, string>) => unknown]>([
  [
    'flatMapValues throws after its first value',
    (input) =>
      input.flatMapValues(function* () {
        yield 'first'
        yield fail()
      }),
  ],
  [
    'flatMap throws after its first pair',
    (input) =>
      input.flatMap(function* () {
        yield ['a', 'first'] as const
        yield fail()
      }),
  ],
  ['flatMap gives what is no pair', (input) => input.flatMap(() => [['a', 'x'], null as never])],
])('where %s, nothing goes on', async (_, define) => {
  const seen: unknown[] = []
  const topology = topologyOf((input) => {
    const stream = define(input) as KStream<string, string>
    stream.foreach((_key, value) => void seen.push(value))
  })
  const { context } = await runToy(topology, [['a', 'x']], { skipsFailures: true })
  expect(context.failures).toHaveLength(1)
  expect(seen).toEqual([])
})

test('a failure that is skipped leaves the record out below the node, not at its siblings', async () => {
  const topology = topologyOf((input) => {
    input.mapValues(fail).to('below')
    input.to('sibling')
  })
  const { outputs } = await runToy(topology, [['a', 'x']], { skipsFailures: true })
  expect(outputs.map(({ topic }) => topic)).toEqual(['sibling'])
})

test('a failure that is not skipped passes through the parents as it was thrown', async () => {
  const topology = topologyOf((input) =>
    input
      .filter(() => true)
      .flatMapValues((value) => [value])
      .peek(fail),
  )
  const application = new ToyApplication(topology)
  await expect(application.pipe('in', ['a', 'x'])).rejects.toBe(boom)
  expect(application.context.failures).toHaveLength(1)
})

test('a value that the sink cannot encode fails in production, with the topic in the message', async () => {
  const topology = topologyOf((input) =>
    input.mapValues(() => '\ud800').to('out', { name: 'sink' }),
  )
  const { context } = await runToy(topology, [['a', 'x']], { skipsFailures: true })
  expect(context.failures).toMatchObject([
    {
      node: 'sink',
      phase: 'production',
      error: {
        code: 'SERIALIZATION_FAILED',
        message: expect.stringContaining('the value for topic out'),
      },
    },
  ])
})

test('a row that the store refuses fails in processing and is not forwarded', async () => {
  const topology = topologyOf((input) =>
    input.groupByKey().count({ store: 's', cache: false, name: 'n' }).toStream().to('out'),
  )
  const application = new ToyApplication(topology, { skipsFailures: true })
  application.context.stores.get('s')!.refuses = () => boom
  await application.pipe('in', ['a', 'x'])
  await application.commit()
  expect(application.context.failures).toEqual([{ error: boom, node: 'n', phase: 'processing' }])
  expect(application.outputs).toEqual([])
})

test('bytes that a serde cannot read are a DESERIALIZATION_FAILED', async () => {
  const application = new ToyApplication(topologyOf((input) => input.to('out')))
  const record = { offset: 0n, key: null, value: Uint8Array.of(0xff), timestamp: 0, headers: [] }
  await expect(application.consume('in', record)).rejects.toMatchObject({
    code: 'DESERIALIZATION_FAILED',
    message: expect.stringContaining('the value cannot be read'),
  })
})

test.each([-1, Number.NaN])('a timestamp of %s is an INVALID_TIMESTAMP', async (timestamp) => {
  const application = new ToyApplication(topologyOf((input) => input.to('out')))
  await expect(application.pipe('in', ['a', 'x', timestamp])).rejects.toMatchObject({
    code: 'INVALID_TIMESTAMP',
  })
})

test('a timestamp extractor sees the decoded record; what it throws is an INVALID_TIMESTAMP', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', {
      key: string,
      value: string,
      timestampExtractor: ({ value }) => (value === 'x' ? fail() : value.length),
    })
    .to('out')
  const application = new ToyApplication(builder.build())
  await application.pipe('in', ['a', 'four', 9])
  await application.commit()
  expect(application.read('out', string, string)).toEqual([['a', 'four', 4]])
  await expect(application.pipe('in', ['a', 'x'])).rejects.toMatchObject({
    code: 'INVALID_TIMESTAMP',
  })
})
