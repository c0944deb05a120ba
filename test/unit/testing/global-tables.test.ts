import { expect, test } from '@jest/globals'
import { partitionOf } from '../../../src/model/murmur2.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { memory, memoryKafka } from '../../../src/testing/memory.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }

function ordersWithCustomers(): Topology {
  const builder = new StreamsBuilder()
  const customers = builder.globalTable('customers', { ...SERDES, store: 'customers' })
  builder
    .stream('orders', SERDES)
    .leftJoin(
      customers,
      (_, order) => order.split(':')[0],
      (order, customer) => `${order} for ${customer}`,
    )
    .to('out', { value: string })
  return builder.build()
}

function record(topic: string, key: string, value: string): OutgoingRecord {
  const bytes = string.serialize(key)
  const partition = partitionOf(bytes, 2)
  return { topic, partition, timestamp: 1, key: bytes, value: string.serialize(value), headers: [] }
}

const DRIVERS = [
  ['tasks in turn', () => ({})],
  ['a whole application', () => ({ kafka: memoryKafka() })],
] as const

test.each(DRIVERS)('every task finds the rows of every partition: %s', async (_, around) => {
  const driver = await openDriver(ordersWithCustomers(), { partitions: 3, ...around() })
  const customers = driver.createInputTopic('customers', SERDES)
  const orders = driver.createInputTopic('orders', SERDES)
  const output = driver.createOutputTopic('out', SERDES)
  const ids = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay']
  await customers.pipeInputs(ids.map((id) => ({ key: id, value: id.toUpperCase() })))
  await orders.pipeInputs(ids.map((id, index) => ({ key: `o${index}`, value: `${id}:1` })))
  const joined = output.readKeyValues().map(([, value]) => value)
  expect(joined.toSorted()).toEqual(ids.map((id) => `${id}:1 for ${id.toUpperCase()}`))
  const rows = await driver.getKeyValueStore('customers').entries()
  expect(new Set(rows.map(({ partition }) => partition)).size).toBeGreaterThan(1)
  expect(rows).toHaveLength(ids.length)
})

test.each(DRIVERS)('a change is seen by the records after it: %s', async (_, around) => {
  const driver = await openDriver(ordersWithCustomers(), { partitions: 2, ...around() })
  const customers = driver.createInputTopic('customers', SERDES)
  const orders = driver.createInputTopic('orders', SERDES)
  const output = driver.createOutputTopic('out', SERDES)
  for (const value of ['Ann', 'Anna', null]) {
    await customers.pipeInput({ key: 'ann', value })
    await orders.pipeInput({ key: 'o', value: 'ann:1' })
  }
  expect(output.readKeyValues().map(([, value]) => value)).toEqual([
    'ann:1 for Ann',
    'ann:1 for Anna',
    'ann:1 for null',
  ])
})

test('what reads a global table waits until the table has come to where its topic ended', async () => {
  const kafka = memoryKafka()
  const client = await kafka.open({ clientId: 'test', logger: consoleLogger('silent') })
  await client.createTopics(
    ['customers', 'orders', 'out'].map((topic) => ({ topic, partitions: 2 })),
  )
  await client.produce([record('orders', 'o', 'ann:1'), record('customers', 'ann', 'Ann')])
  const driver = await openDriver(ordersWithCustomers(), {
    kafka,
    database: memory(),
    partitions: 2,
  })
  await driver.createInputTopic('orders', SERDES).pipeInput({ key: 'p', value: 'ann:2' })
  const output = driver.createOutputTopic('out', SERDES)
  expect(
    output
      .readKeyValues()
      .map(([, value]) => value)
      .toSorted(),
  ).toEqual(['ann:1 for Ann', 'ann:2 for Ann'])
})
