/** `node bench/test-driver.mjs`: how long a test of a small topology takes, the first and those after it. */
import { serdes, StreamsBuilder } from '../dist/index.js'
import { TopologyTestDriver } from '../dist/testing/index.js'
import { spread } from './lab/statistics.mjs'

const TESTS = 21

/** Opens a driver, counts the words of a line, and closes it: in milliseconds. */
async function testWordCount() {
  const startedAt = performance.now()
  const { string, int64 } = serdes
  const builder = new StreamsBuilder()
  builder
    .stream('lines', { key: string, value: string })
    .flatMapValues((line) => line.split(' '))
    .groupBy((_, word) => word, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to('word-counts', { value: int64 })
  const driver = await TopologyTestDriver.open(builder.build())
  await driver
    .createInputTopic('lines', { key: string, value: string })
    .pipeInput({ value: 'kafka sql kafka' })
  await driver.close()
  return performance.now() - startedAt
}

const [first = NaN, ...others] = await times(TESTS)
console.log(`first test: ${first.toFixed(1)} ms`)
console.log(`after it:   ${spread(others).median.toFixed(1)} ms (median of ${others.length})`)

/** @param {number} count */
async function times(count) {
  /** @type {number[]} */
  const taken = []
  while (taken.length < count) taken.push(await testWordCount())
  return taken
}
