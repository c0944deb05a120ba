import { expect, test } from '@jest/globals'
import type { Headers } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { runToy, ToyApplication } from './support/toy-application.ts'

const { string, int64 } = serdes

function reducing(): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupByKey()
    .reduce((sum, value) => (value === 'delete' ? null : sum + value), { store: 's' })
    .toStream()
    .to('out', { value: string })
  return builder.build()
}

test('a cached store forwards nothing until flush', async () => {
  const application = new ToyApplication(reducing())
  await application.pipe('in', ['a', 'x'])
  expect(application.context.sent).toEqual([])
  await application.commit()
  expect(application.outputs).toHaveLength(1)
})

test('a cached store forwards one change for each key, in the order of the last touches', async () => {
  const application = await runToy(reducing(), [
    ['a', 'x', 1],
    ['b', 'x', 2],
    ['a', 'y', 3],
    ['c', 'x', 0],
  ])
  expect(application.read('out', string, string)).toEqual([
    ['b', 'x', 2],
    ['a', 'xy', 3],
    ['c', 'x', 0],
  ])
})

test('afterwards nothing is held back', async () => {
  const application = await runToy(reducing(), [['a', 'x']])
  await application.commit()
  expect(application.outputs).toHaveLength(1)
})

test('a deleted row is forwarded with the time of the record that deleted it, though it was late', async () => {
  const application = await runToy(reducing(), [['a', 'x', 9]])
  await application.pipe('in', ['a', 'delete', 4])
  await application.commit()
  expect(application.read('out', string, string)).toEqual([
    ['a', 'x', 9],
    ['a', null, 4],
  ])
})

test('so is the row of a group of a table', async () => {
  const builder = new StreamsBuilder()
  builder
    .table('in', { key: string, value: string })
    .groupBy((_, value) => [value, value], { name: 'by-value' })
    .reduce(
      (sum, value) => sum + value,
      () => null,
      { store: 's' },
    )
    .toStream()
    .to('out', { value: string })
  const application = await runToy(builder.build(), [['a', 'x', 9]])
  await application.pipe('in', ['a', 'y', 4])
  await application.commit()
  expect(application.read('out', string, string)).toContainEqual(['x', null, 4])
})

test('a deleted row is forwarded as null, but not when the row came after the last flush', async () => {
  const application = await runToy(reducing(), [
    ['a', 'x'],
    ['b', 'x'],
  ])
  await application.pipe('in', ['a', 'delete'])
  await application.pipe('in', ['c', 'x'])
  await application.pipe('in', ['c', 'delete'])
  await application.commit()
  expect(application.read('out', string, string).slice(2)).toEqual([['a', null, 0]])
})

test('the headers of a change are those of the last record', async () => {
  const headers = (text: string): Headers => [['h', Buffer.from(text)]]
  const { outputs } = await runToy(reducing(), [
    ['a', 'x', 0, headers('1')],
    ['a', 'x', 0, headers('2')],
  ])
  expect(outputs.map((record) => record.headers)).toEqual([headers('2')])
})

test('parents are flushed before their children: a chain of cached stores is empty after one flush', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupByKey()
    .count({ store: 'first' })
    .toStream()
    .groupByKey()
    .count({ store: 'second' })
    .toStream()
    .to('out', { value: int64 })
  const application = await runToy(builder.build(), [
    ['a', 'x'],
    ['a', 'x'],
    ['b', 'x'],
  ])
  expect(application.read('out', string, int64)).toEqual([
    ['a', 1n, 0],
    ['b', 1n, 0],
  ])
})
