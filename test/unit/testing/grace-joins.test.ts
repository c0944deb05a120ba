import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }

function ratesOf(builder: StreamsBuilder, historyRetentionMs = 100) {
  return builder.table('rates', { ...SERDES, store: 'rates', versioned: { historyRetentionMs } })
}

async function openSales(options: TopologyTestDriverOptions = {}) {
  const builder = new StreamsBuilder()
  builder
    .stream('sales', SERDES)
    .leftJoin(ratesOf(builder), joinUnlessBad, { graceMs: 10, name: 'priced' })
    .processValues((record, context) => {
      const { topic, offset } = context.recordMetadata!
      return context.forward({ ...record, value: `${record.value} of ${topic}@${offset}` })
    })
    .to('out', { value: string })
  const driver = await openDriver(builder.build(), options)
  return {
    driver,
    rates: driver.createInputTopic('rates', SERDES),
    sales: driver.createInputTopic('sales', SERDES),
    output: driver.createOutputTopic('out', SERDES),
  }
}

function joinUnlessBad(sale: string, rate: string | null): string {
  if (rate === 'bad') throw new RangeError('a bad rate')
  return `${sale} at ${rate}`
}

test('records wait for the rows of their times and leave in the order of time, also after restarts', async () => {
  const { driver, rates, sales, output } = await openSales()
  const headers = [['h', Buffer.from('1')]] as const
  for (const timestamp of [7, 5, 5])
    await sales.pipeInput({ key: 'eur', value: String(timestamp), timestamp, headers })
  await driver.restart()
  await rates.pipeInput({ key: 'eur', value: 'b', timestamp: 6 })
  await rates.pipeInput({ key: 'eur', value: 'a', timestamp: 4 })
  expect(output.readRecords()).toEqual([])
  await driver.restart()
  await sales.pipeInput({ key: 'usd', value: 'x', timestamp: 17 })
  expect(output.readRecords()).toMatchObject([
    { value: '5 at a of sales@1', timestamp: 5, headers },
    { value: '5 at a of sales@2', timestamp: 5, headers },
    { value: '7 at b of sales@0', timestamp: 7, headers },
  ])
  await driver.restart()
  await sales.pipeInput({ key: 'eur', value: 'late', timestamp: 6 })
  expect(output.readKeyValues()).toEqual([['eur', 'late at b of sales@4']])
})

test('a record that cannot be joined stays until it can', async () => {
  const { rates, sales, output } = await openSales({ onError: { processing: 'skip' } })
  await sales.pipeInput({ key: 'eur', value: 's', timestamp: 5 })
  await rates.pipeInput({ key: 'eur', value: 'bad', timestamp: 4 })
  await sales.pipeInput({ key: 'usd', value: 'x', timestamp: 15 })
  expect(output.readKeyValues()).toEqual([])
  await rates.pipeInput({ key: 'eur', value: 'good', timestamp: 4 })
  await sales.pipeInput({ key: 'usd', value: 'y', timestamp: 16 })
  expect(output.readKeyValues()).toEqual([['eur', 's at good of sales@0']])
})

test('a record without a key cannot wait: the policy decides', async () => {
  const { sales } = await openSales()
  await expect(sales.pipeInput({ key: null, value: 's', timestamp: 5 })).rejects.toThrow(
    'node priced failed: a record without a key cannot wait',
  )
})

test('a grace period needs a versioned table with a history as long, whole milliseconds and a serde', () => {
  const builder = new StreamsBuilder()
  const sales = builder.stream('sales', SERDES)
  const rates = ratesOf(builder)
  const join = () => ''
  expect(() =>
    sales.join(builder.table('plain', SERDES), join, { graceMs: 1, name: 'priced' }),
  ).toThrow('priced takes a grace period only with a versioned table')
  expect(() => sales.join(rates, join, { graceMs: 101, name: 'priced' })).toThrow(
    'the grace period of priced is longer than the history of rates',
  )
  expect(() => sales.join(rates, join, { graceMs: 0.5 })).toThrow('whole number of milliseconds')
  sales
    .mapValues((sale) => sale.length)
    .join(rates, join, { graceMs: 100, name: 'unread' })
    .foreach(() => undefined)
  expect(() => builder.build()).toThrow('node unread needs a value serde: pass')
})
