import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { SuppressOptions } from '../../../src/topology/dsl/dsl.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }

async function openSuppressed(options: SuppressOptions) {
  const builder = new StreamsBuilder()
  builder.table('prices', SERDES).suppress(options).toStream().to('out')
  const driver = await openDriver(builder.build())
  return {
    driver,
    prices: driver.createInputTopic('prices', SERDES),
    output: driver.createOutputTopic('out', SERDES),
  }
}

test('what is held back survives a restart, with its headers, its time and its place', async () => {
  const { driver, prices, output } = await openSuppressed({ until: 'time-limit', timeLimitMs: 10 })
  const headers = [['h', Buffer.from('x')]] as const
  await prices.pipeInput({ key: 'b', value: '1', timestamp: 0 })
  await prices.pipeInput({ key: 'a', value: '2', timestamp: 0 })
  await prices.pipeInput({ key: 'b', value: '3', timestamp: 7, headers })
  await driver.restart()
  await prices.pipeInput({ key: 'c', value: '4', timestamp: 10 })
  expect(
    output
      .readRecords()
      .map(({ key, value, timestamp, headers }) => [...[key, value, timestamp], headers.length]),
  ).toEqual([
    ['a', '2', 0, 0],
    ['b', '3', 7, 1],
  ])
})

test('what was held back is processed as of the place that it came from, also after a restart', async () => {
  const builder = new StreamsBuilder()
  builder
    .table('prices', SERDES)
    .suppress({ until: 'time-limit', timeLimitMs: 10 })
    .toStream()
    .processValues((record, context) => {
      const { topic, partition, offset } = context.recordMetadata!
      return context.forward({ ...record, value: `${topic}-${partition}@${offset}` })
    })
    .to('out', { value: string })
  const driver = await openDriver(builder.build())
  const prices = driver.createInputTopic('prices', SERDES)
  for (const timestamp of [0, 1]) await prices.pipeInput({ key: 'a', value: 'x', timestamp })
  await driver.restart()
  await prices.pipeInput({ key: 'b', value: 'y', timestamp: 10 })
  expect(driver.createOutputTopic('out', SERDES).readKeyValues()).toEqual([['a', 'prices-0@1']])
})

test('the time of the node survives a restart: what is late is late', async () => {
  const { driver, prices, output } = await openSuppressed({ until: 'time-limit', timeLimitMs: 10 })
  await prices.pipeInput({ key: 'a', value: '1', timestamp: 100 })
  await driver.restart()
  await prices.pipeInput({ key: 'b', value: '2', timestamp: 50 })
  expect(output.readKeyValues()).toEqual([['b', '2']])
})

test('a full buffer that must not tell early stops the application', async () => {
  const options = {
    until: 'time-limit',
    timeLimitMs: 10,
    maxRecords: 1,
    whenFull: 'shut-down',
  } as const
  const { prices } = await openSuppressed(options)
  await prices.pipeInput({ key: 'a', value: '1', timestamp: 0 })
  await expect(prices.pipeInput({ key: 'b', value: '2', timestamp: 0 })).rejects.toMatchObject({
    code: 'SUPPRESS_BUFFER_FULL',
  })
})

test('a limit that is no time, and windows that are none, are refused', () => {
  const table = new StreamsBuilder().table('prices', SERDES)
  expect(() => table.suppress({ until: 'time-limit', timeLimitMs: -1 })).toThrow(
    'whole milliseconds, not -1',
  )
  expect(() => table.suppress({ until: 'window-closes' })).toThrow('it is no table by windows')
})
