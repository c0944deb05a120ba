import { AssertionError } from 'node:assert'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { memoryKafka } from '../../../src/testing/memory.ts'
import {
  crash,
  inputTopic,
  outputTopic,
  restart,
  runScenario,
} from '../../../src/testing/scenario.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from './support/open-driver.ts'
import { wordCount } from './support/topologies.ts'

const { string, int64 } = serdes
const text = { key: string, value: string }
const lines = inputTopic('lines', text)
const counts = outputTopic('word-counts', { key: string, value: int64 })
const options = { logger: consoleLogger('silent') }

test.each([
  ['one partition and a crash', { partitions: 1 }, crash],
  ['two partitions and a crash', { partitions: 2 }, crash],
  ['a whole application and a crash', { partitions: 2, kafka: memoryKafka() }, crash],
  ['one partition and a restart', { partitions: 1 }, restart],
  ['two partitions and a restart', { partitions: 2 }, restart],
  ['a whole application and a restart', { partitions: 2, kafka: memoryKafka() }, restart],
] as const)('given, when, then, with %s', async (_, surroundings, step) => {
  const scenario = {
    given: [lines({ value: 'kafka' })],
    when: [step(), lines({ value: 'kafka kafka' })],
    then: [counts(['kafka', 2n], ['kafka', 3n])],
  }
  await runScenario(wordCount(), scenario, { ...options, ...surroundings })
})

test('a restart goes on after a failure, when what made it fail is gone', async () => {
  let throws = true
  const builder = new StreamsBuilder()
  const checked = builder.stream('lines', text).peek(() => {
    if (throws) throw new RangeError('boom')
  })
  checked.to('checked')
  const driver = await openDriver(builder.build())
  const input = driver.createInputTopic('lines', text)
  await expect(input.pipeInput({ value: 'kafka' })).rejects.toThrow('boom')
  await expect(input.pipeInput({ value: 'sql' })).rejects.toThrow('boom')
  throws = false
  await driver.restart()
  await input.pipeInput({ value: 'rows' })
  const seen = driver.createOutputTopic('checked', text).readKeyValues()
  expect(seen.map(([, value]) => value)).toEqual(['kafka', 'rows'])
})

test('what is not so is an error that names the topic', async () => {
  const scenario = { when: [lines({ value: 'kafka' })], then: [counts(['kafka', 2n])] }
  const running = runScenario(wordCount(), scenario, options)
  await expect(running).rejects.toThrow(AssertionError)
  await expect(running).rejects.toThrow('topic word-counts')
})

function topology() {
  const builder = new StreamsBuilder()
  const stream = builder.stream('lines', text)
  stream.groupByKey().count({ store: 'counts' }).toStream().to('word-counts', { value: int64 })
  return builder.build()
}

test('a crash after any record changes nothing', async () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b'), crashes: fc.nat({ max: 2 }) })
  const commits = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12, size: 'max' }),
      commits,
      async (steps, pattern) => {
        const expected: [string, bigint][] = []
        const counted = new Map<string, bigint>()
        let [left, turn] = [0, 0]
        const driver = await openDriver(topology(), {
          commitsAfter: () => pattern[turn++ % pattern.length]!,
          crashesAfter: () => left-- > 0,
        })
        const input = driver.createInputTopic('lines', text)
        for (const { key, crashes } of steps) {
          left = crashes
          counted.set(key, (counted.get(key) ?? 0n) + 1n)
          expected.push([key, counted.get(key)!])
          await input.pipeInput({ key, value: 'x' })
        }
        left = 0
        await driver.commit()
        const output = driver.createOutputTopic('word-counts', { key: string, value: int64 })
        expect(output.readKeyValues()).toEqual(expected)
        await driver.close()
      },
    ),
    { numRuns: 50 },
  )
}, 30_000)

test('what a crash took was lost', async () => {
  let [crashes, seen] = [1, 0]
  const builder = new StreamsBuilder()
  builder.stream('lines', text).foreach(() => void seen++)
  const driver = await openDriver(builder.build(), { crashesAfter: () => crashes-- > 0 })
  await driver.createInputTopic('lines', text).pipeInput({ value: 'x' })
  expect(seen).toBe(2)
})
