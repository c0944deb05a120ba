import { expect, jest, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { runToy, type Input, type Output } from './support/toy-application.ts'

const { string } = serdes

async function outputsOf(
  define: (input: KStream<string, string>) => KStream<string, string>,
  inputs: readonly Input[],
): Promise<readonly Output[]> {
  const builder = new StreamsBuilder()
  define(builder.stream('in', { key: string, value: string })).to('out')
  return (await runToy(builder.build(), inputs)).read('out', string, string)
}

test('filter keeps records of which the predicate is true', async () => {
  const outputs = await outputsOf(
    (input) => input.filter((key, value) => key === 'a' && value !== ''),
    [
      ['a', 'x', 1],
      ['a', '', 2],
      ['b', 'x', 3],
    ],
  )
  expect(outputs).toEqual([['a', 'x', 1]])
})

test('filterNot keeps the others', async () => {
  const outputs = await outputsOf(
    (input) => input.filterNot((_, value) => value === 'x'),
    [
      ['a', 'x'],
      ['a', 'y'],
    ],
  )
  expect(outputs).toEqual([['a', 'y', 0]])
})

test('map replaces key and value and keeps the timestamp', async () => {
  const outputs = await outputsOf(
    (input) => input.map((key, value) => [value, key]),
    [['a', 'x', 7]],
  )
  expect(outputs).toEqual([['x', 'a', 7]])
})

test('mapValues gets the value first, then the key', async () => {
  const outputs = await outputsOf(
    (input) => input.mapValues((value, key) => `${value} of ${key}`),
    [['a', 'x', 7]],
  )
  expect(outputs).toEqual([['a', 'x of a', 7]])
})

test('flatMap forwards every pair with the timestamp of the input', async () => {
  const outputs = await outputsOf(
    (input) =>
      input.flatMap((key, value) => [
        [value, key],
        [key, value],
      ]),
    [['a', 'x', 7]],
  )
  expect(outputs).toEqual([
    ['x', 'a', 7],
    ['a', 'x', 7],
  ])
})

test('flatMapValues forwards every value, of a list or of a generator', async () => {
  const outputs = await outputsOf(
    (input) =>
      input
        .flatMapValues((value) => value.split(' '))
        .flatMapValues(function* (value) {
          yield value
          yield value.toUpperCase()
        }),
    [
      ['a', 'x y', 7],
      ['a', '', 8],
    ],
  )
  expect(outputs.map(([, value]) => value)).toEqual(['x', 'X', 'y', 'Y', '', ''])
})

test('selectKey replaces the key', async () => {
  expect(await outputsOf((input) => input.selectKey((_, value) => value), [['a', 'x', 7]])).toEqual(
    [['x', 'x', 7]],
  )
})

test('peek sees records and changes nothing', async () => {
  const seen: string[] = []
  const outputs = await outputsOf(
    (input) => input.peek((key, value) => seen.push(key + value)),
    [['a', 'x', 7]],
  )
  expect(outputs).toEqual([['a', 'x', 7]])
  expect(seen).toEqual(['ax'])
})

test('merge forwards the records of both streams', async () => {
  const outputs = await outputsOf(
    (input) => input.filter(() => true).merge(input.mapValues((value) => `${value}!`)),
    [['a', 'x', 7]],
  )
  expect(outputs).toEqual([
    ['a', 'x', 7],
    ['a', 'x!', 7],
  ])
})

test('a stream merged with itself forwards each record once, as in Kafka Streams', async () => {
  expect(await outputsOf((input) => input.merge(input), [['a', 'x', 7]])).toEqual([['a', 'x', 7]])
})

test('null keys and null values pass through to the functions and to the sink', async () => {
  const outputs = await outputsOf(
    (input) => input.mapValues((value: string | null) => value ?? 'none').filter(() => true),
    [
      [null, 'x', 1],
      ['a', null, 2],
    ],
  )
  expect(outputs).toEqual([
    [null, 'x', 1],
    ['a', 'none', 2],
  ])
})

test('headers pass through every stateless operator', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .map((key, value) => [key, value])
    .flatMap((key, value) => [[key, value]])
    .mapValues((value) => value)
    .flatMapValues((value) => [value])
    .selectKey((key) => key)
    .to('out')
  const header = ['h', Uint8Array.of(1)] as const
  const { outputs } = await runToy(builder.build(), [['a', 'x', 0, [header]]])
  expect(outputs.map(({ headers }) => headers)).toEqual([[header]])
})

test('children get a record in the order in which they were defined, each with all that is below it', async () => {
  const seen: string[] = []
  const builder = new StreamsBuilder()
  const input = builder.stream('in', { key: string, value: string })
  input.peek(() => seen.push('first')).peek(() => seen.push('below first'))
  input.peek(() => seen.push('second'))
  await runToy(builder.build(), [['a', 'x']])
  expect(seen).toEqual(['first', 'below first', 'second'])
})

test('foreach shows each record and ends there', async () => {
  const seen: string[] = []
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .foreach((key, value) => void seen.push(`${key}: ${value}`), { name: 'see' })
  await runToy(builder.build(), [['a', 'x']])
  expect(seen).toEqual(['a: x'])
  expect(builder.build().describe()).toContain('Processor: see (stores: [])\n      --> none')
})

test('print writes each record on a line, with the label in front', async () => {
  const builder = new StreamsBuilder()
  const input = builder.stream('in', { key: string, value: string, name: 'source' })
  input.print()
  input.mapValues(({ length }) => ({ length })).print({ label: 'lengths' })
  input.print({ label: 'texts', mapper: (key, value) => `${key}=${value}` })
  const written: string[] = []
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  await runToy(builder.build(), [['a', 'x']])
  write.mockRestore()
  expect(written).toEqual(['[source]: a, x\n', '[lengths]: a, { length: 1 }\n', '[texts]: a=x\n'])
})
