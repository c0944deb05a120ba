import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }

async function openRates() {
  const builder = new StreamsBuilder()
  const versioned = { historyRetentionMs: 100 }
  const rates = builder.table('rates', { ...SERDES, store: 'rates', versioned })
  builder
    .stream('sales', SERDES)
    .leftJoin(rates, (sale, rate) => `${sale} at ${rate}`)
    .to('out', { value: string })
  const driver = await openDriver(builder.build())
  return {
    driver,
    rates: driver.createInputTopic('rates', SERDES),
    sales: driver.createInputTopic('sales', SERDES),
    output: driver.createOutputTopic('out', SERDES),
  }
}

test('records are joined with the rows of their times, also after a restart', async () => {
  const { driver, rates, sales, output } = await openRates()
  await rates.pipeInput({ key: 'eur', value: 'b', timestamp: 20 })
  await rates.pipeInput({ key: 'eur', value: 'a', timestamp: 10 })
  await rates.pipeInput({ key: 'eur', value: null, timestamp: 30 })
  await driver.restart()
  for (const timestamp of [5, 10, 19, 20, 30])
    await sales.pipeInput({ key: 'eur', value: String(timestamp), timestamp })
  expect(output.readKeyValues().map(([, value]) => value)).toEqual([
    '5 at null',
    '10 at a',
    '19 at a',
    '20 at b',
    '30 at null',
  ])
  const versions = await driver.getVersionedStore('rates').entries()
  expect(versions.map(({ value, timestamp, validTo }) => [value, timestamp, validTo])).toEqual([
    ['a', 10, 20],
    ['b', 20, 30],
  ])
})

test('a version before the history is refused, also after a restart; the latest version stays however old it is', async () => {
  const { driver, rates, sales, output } = await openRates()
  await rates.pipeInput({ key: 'eur', value: 'a', timestamp: 10 })
  await rates.pipeInput({ key: 'usd', value: 'b', timestamp: 200 })
  await driver.restart()
  await rates.pipeInput({ key: 'eur', value: 'c', timestamp: 99 })
  await sales.pipeInput({ key: 'eur', value: 'x', timestamp: 50 })
  expect(output.readKeyValues()).toEqual([['eur', 'x at a']])
})

test('the rows of a time are found through mapValues, also with options of a store that it does not have', async () => {
  const builder = new StreamsBuilder()
  const versioned = { historyRetentionMs: 100 }
  const rates = builder.table('rates', { ...SERDES, versioned })
  const upper = rates.mapValues((rate) => rate.toUpperCase(), { value: string })
  builder
    .stream('sales', SERDES)
    .leftJoin(upper, (sale, rate) => `${sale} at ${rate}`)
    .to('out', { value: string })
  const driver = await openDriver(builder.build())
  await driver.createInputTopic('rates', SERDES).pipeInput({ key: 'e', value: 'b', timestamp: 20 })
  const sales = driver.createInputTopic('sales', SERDES)
  for (const timestamp of [30, 10]) await sales.pipeInput({ key: 'e', value: 'x', timestamp })
  const values = driver.createOutputTopic('out', SERDES).readValues()
  expect(values).toEqual(['x at B', 'x at null'])
})

test('versions of every key are forgotten once a segment of time has passed, whoever is written', async () => {
  const { driver, rates } = await openRates()
  for (const [value, timestamp] of [
    ['a', 10],
    ['b', 20],
    ['c', 5_000],
  ] as const)
    await rates.pipeInput({ key: value === 'c' ? 'usd' : 'eur', value, timestamp })
  const versions = await driver.getVersionedStore('rates').entries()
  expect(versions.map(({ value }) => value)).toEqual(['b', 'c'])
})

test('a latest version that is deleted at its own time leaves no trace, unless one before it ends there', async () => {
  const builder = new StreamsBuilder()
  const rates = builder.table('rates', { ...SERDES, versioned: { historyRetentionMs: 100 } })
  const other = builder.table('other', SERDES)
  rates
    .outerJoin(other, (rate, name) => `${rate} ${name}`)
    .toStream()
    .to('out', { value: string })
  const driver = await openDriver(builder.build())
  const input = driver.createInputTopic('rates', SERDES)
  const output = driver.createOutputTopic('out', SERDES)
  await driver.createInputTopic('other', SERDES).pipeInput({ key: 'eur', value: 'Euro' })
  const pipe = async (value: string | null, timestamp: number) => {
    await input.pipeInput({ key: 'eur', value, timestamp })
    await driver.restart()
    return output.readKeyValues().map(([, joined]) => joined)
  }
  await pipe('a', 20)
  expect(await pipe(null, 20)).toEqual(['null Euro'])
  expect(await pipe(null, 10)).toEqual(['null Euro'])
  await pipe('b', 30)
  await pipe('c', 40)
  expect(await pipe(null, 40)).toEqual(['null Euro'])
  expect(await pipe(null, 35)).toEqual([])
})

test('suppress does not take a versioned table, and a history has whole milliseconds', () => {
  const tableOf = (historyRetentionMs: number) =>
    new StreamsBuilder().table('rates', { ...SERDES, versioned: { historyRetentionMs } })
  expect(() => tableOf(1).suppress({ until: 'time-limit', timeLimitMs: 1 })).toThrow(
    'suppress does not take a versioned table',
  )
  expect(() => tableOf(0.5)).toThrow('whole milliseconds, not 0.5')
})
