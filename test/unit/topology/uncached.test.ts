import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { runToy } from './support/toy-application.ts'

const { string, int64 } = serdes

/** No serde for the value of the repartition topic: only partial counts travel in it. */
function countAfterMapping(): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .map((key, value) => [key, value.length])
    .groupByKey({ name: 'lengths' })
    .count({ store: 'counts' })
    .toStream()
    .to('out', { value: int64 })
  return builder.build()
}

test('an uncached topology forwards a change for each record, before and behind a repartition', async () => {
  const application = await runToy(countAfterMapping().uncached(), [
    ['a', 'x', 1],
    ['b', 'x', 2],
    ['a', 'x', 3],
  ])
  expect(application.internal).toHaveLength(3)
  expect(application.read('out', string, int64)).toEqual([
    ['a', 1n, 1],
    ['b', 1n, 2],
    ['a', 2n, 3],
  ])
  expect(application.outputs.flatMap(({ headers }) => headers)).toEqual([])
})

test('names, tables and internal topics of an uncached topology are those of the cached one', () => {
  const cached = countAfterMapping()
  const uncached = cached.uncached()
  expect(uncached.describe()).toBe(cached.describe())
  const { internalTopics } = uncached.forApplication('app')
  expect(internalTopics).toEqual(cached.forApplication('app').internalTopics)
})

test('the cached topology stays as it is', async () => {
  const cached = countAfterMapping()
  cached.uncached()
  const application = await runToy(cached, [
    ['a', 'x', 1],
    ['a', 'x', 3],
  ])
  expect(application.read('out', string, int64)).toEqual([['a', 2n, 3]])
})
