import { afterEach, expect, test } from '@jest/globals'
import { memory, memoryKafka } from '../../../src/testing/memory.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'

const { string, int64 } = serdes
const logger = consoleLogger('silent')
const drivers: TopologyTestDriver[] = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.close()
})

function wordCount() {
  const builder = new StreamsBuilder()
  builder
    .stream('lines', { key: string, value: string })
    .flatMapValues((line) => line.split(' '))
    .groupBy((_, word) => word, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to('word-counts', { value: int64 })
  return builder.build()
}

function upperCase() {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .mapValues((value) => value.toUpperCase())
    .to('out', { value: string })
  return builder.build()
}

async function open(topology = wordCount(), options: TopologyTestDriverOptions = {}) {
  const driver = await TopologyTestDriver.open(topology, { logger, ...options })
  drivers.push(driver)
  return driver
}

test('word count', async () => {
  const driver = await open()
  const lines = driver.createInputTopic('lines', { key: string, value: string })
  const counts = driver.createOutputTopic('word-counts', { key: string, value: int64 })
  await lines.pipeInput({ value: 'kafka sql kafka' })
  expect(counts.readKeyValues()).toEqual([
    ['kafka', 1n],
    ['sql', 1n],
    ['kafka', 2n],
  ])
  expect(await driver.getKeyValueStore('counts').get('kafka')).toBe(2)
})
