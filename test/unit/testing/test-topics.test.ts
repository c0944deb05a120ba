import { expect, test } from '@jest/globals'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { turn as nextTurn } from '../../support/turns.ts'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import { openDriver } from './support/open-driver.ts'
import { upperCase } from './support/topologies.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { TestInputTopicOptions } from '../../../src/testing/test-input-topic.ts'

const { string } = serdes
const both = { key: string, value: string }

async function openTopics(
  options: TopologyTestDriverOptions = {},
  times: Partial<TestInputTopicOptions<string, string>> = {},
) {
  const driver = await openDriver(upperCase(), options)
  return {
    input: driver.createInputTopic('in', { ...both, ...times }),
    output: driver.createOutputTopic('out', both),
    again: driver.createOutputTopic('out', both),
  }
}

test('key, value, timestamp and headers of a record arrive', async () => {
  const { input, output } = await openTopics()
  const headers = [['trace', Buffer.from('1')] as const, ['empty', null] as const]
  await input.pipeInput({ key: 'k', value: 'v', timestamp: 7, headers })
  const record = output.readRecord()
  expect(record).toMatchObject({ key: 'k', value: 'V', timestamp: 7, partition: 0 })
  expect(
    record.headers.map(([name, value]) => [name, value && Buffer.from(value).toString()]),
  ).toEqual([
    ['trace', '1'],
    ['empty', null],
  ])
})

test('records without a timestamp have the time of the topic, which then advances', async () => {
  const { input, output } = await openTopics({}, { startTimestamp: 100, autoAdvanceMs: 5 })
  await input.pipeInputs([{ value: 'a' }, { value: 'b', timestamp: 3 }, { value: 'c' }])
  input.advanceTime(1_000)
  await input.pipeInput({ value: 'd' })
  expect(output.readRecords().map(({ timestamp }) => timestamp)).toEqual([100, 3, 105, 1_110])
})

test('the time of a topic begins with that of the clock and stands still', async () => {
  const clock = { now: () => 42, sleep: () => nextTurn() }
  const { input, output } = await openTopics({ clock })
  await input.pipeInputs([{ value: 'a' }, { value: 'b' }])
  expect(output.readRecords().map(({ timestamp }) => timestamp)).toEqual([42, 42])
})

test('keys go where Java sends them', async () => {
  const { input, output } = await openTopics({ partitions: 4 })
  const keys = ['a', 'b', 'c', 'd']
  for (const key of keys) await input.pipeInput({ key, value: 'x' })
  const partitions = output.readRecords().map(({ partition }) => partition)
  expect(partitions).toEqual(keys.map((key) => partitionOf(Buffer.from(key), 4)))
})

test('null keys go to each partition in turn, and all to the one they name', async () => {
  const partitions: unknown[] = []
  const processing = (error: StreamsError) => {
    partitions.push(error.position?.partition)
    return 'skip' as const
  }
  const { input } = await openTopics({ partitions: 3, onError: { processing } })
  for (let i = 0; i < 4; i++) await input.pipeInput({ value: 'bad' })
  await input.pipeInput({ key: 'a', value: 'bad', partition: 2 })
  expect(partitions).toEqual([0, 1, 2, 0, 2])
  await expect(input.pipeInput({ value: 'x', partition: 3 })).rejects.toThrow(
    new TypeError('topic in has 3 partitions, 3 is none of them'),
  )
})

test('reading takes records away, whichever object of the topic reads', async () => {
  const { input, output, again } = await openTopics()
  expect(output.isEmpty).toBe(true)
  await input.pipeInputs(['a', 'b', 'c'].map((value) => ({ key: value, value })))
  expect(output.queueSize).toBe(3)
  expect(output.readValue()).toBe('A')
  expect(again.readKeyValue()).toEqual(['b', 'B'])
  expect(output.readRecords()).toHaveLength(1)
  expect(() => output.readRecord()).toThrow(new TypeError('topic out has no record to read'))
})

test('a map has the last value of each key', async () => {
  const { input, output } = await openTopics()
  await input.pipeInputs([
    { key: 'a', value: 'x' },
    { key: 'b', value: 'y' },
    { key: 'a', value: 'z' },
  ])
  expect(output.readKeyValuesToMap()).toEqual(
    new Map([
      ['a', 'Z'],
      ['b', 'Y'],
    ]),
  )
})

test('what a test writes into a topic that is also written by the topology is not output', async () => {
  const builder = new StreamsBuilder()
  const numbers = builder.stream('numbers', { key: string, value: serdes.int64 })
  numbers
    .filter((_, value) => value > 0n)
    .mapValues((value) => value - 1n)
    .to('numbers', { value: serdes.int64 })
  const driver = await openDriver(builder.build(), { partitions: 2 })
  const topic = { key: string, value: serdes.int64 }
  const input = driver.createInputTopic('numbers', topic)
  const output = driver.createOutputTopic('numbers', topic)
  await input.pipeInputs([
    { key: 'a', value: 2n },
    { key: 'b', value: 0 },
  ])
  expect(output.readKeyValues()).toEqual([
    ['a', 1n],
    ['a', 0n],
  ])
  await input.pipeInput({ key: 'a', value: 1 })
  expect(output.readValues()).toEqual([0n])
})
