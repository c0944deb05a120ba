import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { serdes } from '../../../src/serdes/serdes.ts'
import { memoryKafka } from '../../../src/testing/memory.ts'
import type { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from './support/open-driver.ts'
import { wordCount } from './support/topologies.ts'

const { string, int64 } = serdes
const text = { key: string, value: string }

/** Counts by a key that the records travel for, and counts again behind that. */
function countedTwice() {
  const builder = new StreamsBuilder()
  const words = builder
    .stream('lines', text)
    .groupBy((_, word) => word, { name: 'words' })
    .count({ store: 'words', combine: false })
    .toStream()
  words.to('words-out', { value: int64 })
  words
    .groupBy((word) => word[0]!, { name: 'letters' })
    .count({ store: 'letters', combine: false })
    .toStream()
    .to('letters-out', { value: int64 })
  return builder.build()
}

function outputs(driver: TopologyTestDriver, topic: string): Map<unknown, unknown[]> {
  const byKey = new Map<unknown, unknown[]>()
  const output = driver.createOutputTopic(topic, { key: string, value: int64 })
  for (const [key, value] of output.readKeyValues())
    byKey.set(key, [...(byKey.get(key) ?? []), value])
  return byKey
}

function upTo(count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt(index + 1))
}

function countsOf(keys: readonly string[]): Map<unknown, unknown[]> {
  const times = (key: string) => keys.filter((other) => other === key).length
  return new Map(keys.map((key) => [key, upTo(times(key))]))
}

test('crashes after any record of any task change nothing, whenever it commits', async () => {
  const words = fc.array(fc.constantFrom('ant', 'ape', 'bee', 'cat', 'cow', 'dog'), {
    maxLength: 12,
    size: 'max',
  })
  const pattern = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 })
  const crashes = fc.array(fc.nat({ max: 40 }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(words, pattern, crashes, async (values, commits, at) => {
      let [asked, processed] = [0, 0]
      const driver = await openDriver(countedTwice(), {
        partitions: 3,
        commitsAfter: () => commits[asked++ % commits.length]!,
        crashesAfter: () => at.includes(processed++),
      })
      const lines = driver.createInputTopic('lines', text)
      await lines.pipeInputs(values.map((value) => ({ value })))
      await driver.commit()
      expect(outputs(driver, 'words-out')).toEqual(countsOf(values))
      expect(outputs(driver, 'letters-out')).toEqual(countsOf(values.map((word) => word[0]!)))
      await driver.close()
    }),
    { numRuns: 60 },
  )
}, 30_000)

test('what a crash took was lost, in every task', async () => {
  const driver = await openDriver(countedTwice(), { partitions: 2, commitsAfter: () => false })
  const lines = driver.createInputTopic('lines', text)
  const counts = driver.getKeyValueStore<string, number>('words')
  await lines.pipeInputs(['ant', 'bee'].map((value) => ({ value })))
  await driver.crash()
  expect(await counts.entries()).toEqual([])
  await driver.commit()
  expect([await counts.get('ant'), await counts.get('bee')]).toEqual([1, 1])
})

test('what tasks send each other travels with the commit', async () => {
  let commits = false
  const options = { partitions: 2, commitsAfter: () => commits }
  const driver = await openDriver(countedTwice(), options)
  await driver.createInputTopic('lines', text).pipeInput({ value: 'ant' })
  expect(outputs(driver, 'words-out')).toEqual(new Map())
  commits = true
  await driver.commit()
  expect(outputs(driver, 'letters-out')).toEqual(new Map([['a', [1n]]]))
})

test('the clock stands until it is moved', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', text)
    .process<string, string>({
      get: () => ({
        init: (context) =>
          void context.schedule(10, 'wall-clock', (timestamp) =>
            context.forward({ key: 'at', value: String(timestamp), timestamp, headers: [] }),
          ),
        process: () => undefined,
      }),
    })
    .to('out', text)
  const clock = { now: () => 100, sleep: () => Promise.resolve() }
  const driver = await openDriver(builder.build(), { partitions: 2, clock })
  await driver.advanceWallClockTime(9)
  const output = driver.createOutputTopic('out', text)
  expect(output.isEmpty).toBe(true)
  await driver.advanceWallClockTime(1)
  expect(output.readValues()).toEqual(['110', '110'])
})

test('after a restart a global table has what its topic has, before others go on', async () => {
  const builder = new StreamsBuilder()
  const customers = builder.globalTable('customers', { ...text, store: 'customers' })
  builder
    .stream('orders', text)
    .leftJoin(
      customers,
      (_, order) => order,
      (order, customer) => `${order} for ${customer}`,
    )
    .to('out', { value: string })
  const options = { partitions: 3, commitsAfter: () => false }
  const driver = await openDriver(builder.build(), options)
  const ids = ['ann', 'bob', 'cid', 'dan']
  await driver
    .createInputTopic('customers', text)
    .pipeInputs(ids.map((id) => ({ key: id, value: id.toUpperCase() })))
  await driver.createInputTopic('orders', text).pipeInputs(ids.map((value) => ({ value })))
  await driver.restart()
  await driver.commit()
  const values = driver.createOutputTopic('out', text).readValues()
  expect(values.toSorted()).toEqual(ids.map((id) => `${id} for ${id.toUpperCase()}`))
})

test.each(['commitsAfter', 'crashesAfter'])('%s is not for a kafka of one’s own', async (name) => {
  const options: TopologyTestDriverOptions = { kafka: memoryKafka(), [name]: () => false }
  await expect(openDriver(wordCount(), options)).rejects.toThrow(
    new TypeError('commitsAfter and crashesAfter are for a driver without a kafka of your own'),
  )
})
