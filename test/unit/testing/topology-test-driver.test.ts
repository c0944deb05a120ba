import { expect, test } from '@jest/globals'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { memory, memoryKafka } from '../../../src/testing/memory.ts'
import type { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { openDriver } from './support/open-driver.ts'
import { upperCase, wordCount } from './support/topologies.ts'

const { string, int64 } = serdes
const logger = consoleLogger('silent')

function topicsOf(driver: TopologyTestDriver) {
  return {
    lines: driver.createInputTopic('lines', { key: string, value: string }),
    counts: driver.createOutputTopic('word-counts', { key: string, value: int64 }),
  }
}

function inAndOut(driver: TopologyTestDriver) {
  return {
    input: driver.createInputTopic('in', { key: string, value: string }),
    output: driver.createOutputTopic('out', { key: string, value: string }),
  }
}

test('a record goes through all sub-topologies, one change for each record', async () => {
  const { lines, counts } = topicsOf(await openDriver(wordCount()))
  await lines.pipeInput({ value: 'kafka sql kafka' })
  expect(counts.readKeyValues()).toEqual([
    ['kafka', 1n],
    ['sql', 1n],
    ['kafka', 2n],
  ])
})

test('a record piped in is committed before the call resolves', async () => {
  const database = memory()
  const driver = await openDriver(wordCount(), { database })
  await topicsOf(driver).lines.pipeInput({ value: 'kafka', timestamp: 7 })
  const other = await database.open({ schema: 'test', logger })
  const table = { name: 'counts', columns: [], key: ['partition', 'key'] }
  expect(await other.range(table, { prefix: [] })).toEqual([[0, 'kafka', 1n, 7]])
})

test('cache: true forwards one change for each key and commit', async () => {
  const driver = await openDriver(wordCount(), { cache: true })
  const { lines, counts } = topicsOf(driver)
  await lines.pipeInputs([{ value: 'kafka sql' }, { value: 'kafka' }])
  expect(counts.readKeyValues()).toEqual([
    ['kafka', 2n],
    ['sql', 1n],
  ])
  await lines.pipeInput({ value: 'kafka' })
  expect(counts.readKeyValues()).toEqual([['kafka', 3n]])
})

test.each([
  ['in turn', () => ({})],
  ['as the whole application', () => ({ kafka: memoryKafka() })],
])('several partitions run as several tasks, %s', async (_, surroundings) => {
  const driver = await openDriver(wordCount(), { partitions: 3, ...surroundings() })
  expect(driver.tasks).toEqual(['0_0', '0_1', '0_2', '1_0', '1_1', '1_2'])
  const { lines, counts } = topicsOf(driver)
  const words = ['kafka', 'sql', 'streams', 'rows', 'outbox']
  for (const word of words) await lines.pipeInput({ value: word })
  const inPartitions = words.map((word) => [word, partitionOf(Buffer.from(word), 3)])
  const entries = await driver.getKeyValueStore('counts').entries()
  expect(entries.map(({ key, partition }) => [key, partition])).toEqual(
    expect.arrayContaining(inPartitions),
  )
  expect(counts.readRecords().map(({ key, partition }) => [key, partition])).toEqual(inPartitions)
})

test('a failing record rejects with its code and place', async () => {
  const { input, output } = inAndOut(await openDriver(upperCase()))
  await input.pipeInput({ value: 'good' })
  await expect(input.pipeInput({ value: 'bad' })).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    position: { topic: 'in', partition: 0, offset: 1n },
    taskId: '0_0',
  })
  expect(output.readValues()).toEqual(['GOOD'])
})

test('after a failure every record rejects with it', async () => {
  const { input } = inAndOut(await openDriver(upperCase()))
  await expect(input.pipeInput({ value: 'bad' })).rejects.toMatchObject({
    position: { offset: 0n },
  })
  await expect(input.pipeInput({ value: 'good' })).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    position: { offset: 0n },
  })
})

test('onError is the failure policy of the application', async () => {
  const { input, output } = inAndOut(
    await openDriver(upperCase(), { onError: { processing: 'skip' } }),
  )
  await input.pipeInputs([{ value: 'good' }, { value: 'bad' }, { value: 'better' }])
  expect(output.readValues()).toEqual(['GOOD', 'BETTER'])
})

test('at_least_once writes its output as well', async () => {
  const { lines, counts } = topicsOf(
    await openDriver(wordCount(), { processingGuarantee: 'at_least_once' }),
  )
  await lines.pipeInput({ value: 'kafka' })
  expect(counts.readKeyValues()).toEqual([['kafka', 1n]])
})

test('records piped in without waiting keep their order', async () => {
  const { input, output } = inAndOut(await openDriver(upperCase()))
  const values = Array.from({ length: 20 }, (_, i) => `v${i}`)
  await Promise.all(values.map((value) => input.pipeInput({ value })))
  expect(output.readValues()).toEqual(values.map((value) => value.toUpperCase()))
})

test('with the same broker and database an application goes on where it was', async () => {
  const surroundings = { kafka: memoryKafka(), database: memory() }
  const first = await openDriver(wordCount(), surroundings)
  await topicsOf(first).lines.pipeInput({ value: 'kafka' })
  await first.close()
  const { lines, counts } = topicsOf(await openDriver(wordCount(), surroundings))
  await lines.pipeInput({ value: 'kafka' })
  expect(counts.readKeyValues()).toEqual([['kafka', 2n]])
})

test('topics and stores that the topology does not have are named with those it has', async () => {
  const driver = await openDriver(wordCount())
  const topic = { key: string, value: string }
  expect(() => driver.createInputTopic('word-counts', topic)).toThrow(
    new TypeError('the topology does not read word-counts; it reads lines'),
  )
  expect(() => driver.createOutputTopic('lines', topic)).toThrow(
    new TypeError('the topology does not write lines; it writes word-counts'),
  )
  expect(() => driver.getKeyValueStore('words')).toThrow(
    new TypeError('the topology has no store words; it has counts'),
  )
})

test('a restart loses what is not committed, and processes it again', async () => {
  const driver = await openDriver(wordCount(), { commitsAfter: () => false })
  const { lines } = topicsOf(driver)
  await lines.pipeInputs(['a a', 'b', 'a'].map((value) => ({ value })))
  const counts = driver.getKeyValueStore<string, number>('counts')
  expect(await counts.get('a')).toBeUndefined()
  await driver.restart()
  await driver.commit()
  expect([await counts.get('a'), await counts.get('b')]).toEqual([3, 1])
})

test('a restart publishes what was committed and not published', async () => {
  const driver = await openDriver(wordCount(), { commitsAfter: () => true })
  const { lines, counts } = topicsOf(driver)
  await lines.pipeInput({ value: 'a' })
  await driver.restart()
  await lines.pipeInput({ value: 'a' })
  expect(counts.readKeyValues()).toEqual([
    ['a', 1n],
    ['a', 2n],
  ])
})
