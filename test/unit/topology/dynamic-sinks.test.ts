import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TopicNameExtractor } from '../../../src/topology/processing/functions.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { runToy } from './support/toy-application.ts'

const { string } = serdes

function topologyTo(topicOf: TopicNameExtractor<string, string>): Topology {
  const builder = new StreamsBuilder()
  builder.stream('in', { key: string, value: string }).to(topicOf, { name: 'sink' })
  return builder.build()
}

test('a function names the topic of each record', async () => {
  const topology = topologyTo((key, value, { timestamp }) => `${key}-${value}-${timestamp}`)
  const application = await runToy(topology, [
    ['a', 'x', 1],
    ['b', 'y', 2],
    ['a', 'x', 1],
  ])
  expect(application.read('a-x-1', string, string)).toEqual([
    ['a', 'x', 1],
    ['a', 'x', 1],
  ])
  expect(application.read('b-y-2', string, string)).toEqual([['b', 'y', 2]])
})

test('a topic that does not exist is a failure in production', async () => {
  const topology = topologyTo(() => 'missing')
  const { context, outputs } = await runToy(topology, [['a', 'x']], { skipsFailures: true })
  expect(outputs).toEqual([])
  expect(context.failures).toMatchObject([
    { node: 'sink', phase: 'production', error: { code: 'TOPIC_MISSING' } },
  ])
})

test('a function that throws is a failure in processing', async () => {
  const boom = new RangeError('boom')
  const topology = topologyTo(() => {
    throw boom
  })
  const { context } = await runToy(topology, [['a', 'x']], { skipsFailures: true })
  expect(context.failures).toEqual([{ node: 'sink', phase: 'processing', error: boom }])
})

test('a topology says that it chooses topics', () => {
  expect(topologyTo(() => 'x').forApplication('app')).toMatchObject({
    choosesTopics: true,
    outputTopics: [],
  })
})
