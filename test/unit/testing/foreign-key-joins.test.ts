import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { resolvePartitions } from '../../../src/topology/compile/resolve-partitions.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }

/** Orders are `customer:item`. */
function ordersOfCustomers(): Topology {
  const builder = new StreamsBuilder()
  const orders = builder.table('orders', SERDES)
  const customers = builder.table('customers', SERDES)
  orders
    .leftJoin(customers, (order, customer) => `${order} ${customer}`, {
      foreignKey: (order) => order.split(':')[0],
      name: 'of',
    })
    .toStream()
    .to('out', { value: string })
  return builder.build()
}

async function openJoin(partitions: number) {
  const driver = await openDriver(ordersOfCustomers(), { partitions })
  return {
    driver,
    orders: driver.createInputTopic('orders', SERDES),
    customers: driver.createInputTopic('customers', SERDES),
    output: driver.createOutputTopic('out', SERDES),
  }
}

test('rows of all partitions find the rows that their foreign keys name, and hear of their changes', async () => {
  const { orders, customers, output } = await openJoin(3)
  const ids = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay']
  await customers.pipeInputs(ids.map((id) => ({ key: id, value: '1' })))
  await orders.pipeInputs(ids.map((id, index) => ({ key: `o${index}`, value: `${id}:x` })))
  expect(output.readKeyValues().toSorted()).toEqual(
    ids.map((id, index) => [`o${index}`, `${id}:x 1`]),
  )
  await customers.pipeInputs(ids.map((id) => ({ key: id, value: '2' })))
  expect(output.readKeyValues().toSorted()).toEqual(
    ids.map((id, index) => [`o${index}`, `${id}:x 2`]),
  )
})

test('subscribers are told in the order of their keys, a key that another one begins with first', async () => {
  const { driver, orders, customers, output } = await openJoin(1)
  for (const key of ['ob', 'oab', 'oa', 'o']) await orders.pipeInput({ key, value: 'ann:x' })
  await driver.restart()
  output.readRecords()
  await customers.pipeInput({ key: 'ann', value: '1' })
  expect(output.readKeyValues().map(([key]) => key)).toEqual(['o', 'oa', 'oab', 'ob'])
})

test('a row that was told to another one, and one that is gone, hear nothing any more', async () => {
  const { orders, customers, output } = await openJoin(1)
  await orders.pipeInput({ key: 'o', value: 'ann:x' })
  await orders.pipeInput({ key: 'o', value: 'bob:x' })
  await orders.pipeInput({ key: 'p', value: 'ann:x' })
  await orders.pipeInput({ key: 'p', value: null })
  output.readRecords()
  await customers.pipeInput({ key: 'ann', value: '1' })
  expect(output.readRecords()).toEqual([])
  await customers.pipeInput({ key: 'bob', value: '1' })
  expect(output.readKeyValues()).toEqual([['o', 'bob:x 1']])
})

test('an answer to what a row was before is dropped', async () => {
  const driver = await openDriver(ordersOfCustomers(), { commitsAfter: () => false })
  const customers = driver.createInputTopic('customers', SERDES)
  await customers.pipeInputs(['ann', 'bob'].map((key) => ({ key, value: '1' })))
  await driver.commit()
  const orders = driver.createInputTopic('orders', SERDES)
  await orders.pipeInputs(['ann:x', 'bob:x'].map((value) => ({ key: 'o', value })))
  await orders.pipeInputs(['ann:y', null].map((value) => ({ key: 'p', value })))
  for (const _asked of ['the other table', 'the answer', 'what comes of it']) await driver.commit()
  expect(driver.createOutputTopic('out', SERDES).readKeyValues()).toEqual([
    ['o', 'bob:x 1'],
    ['p', null],
  ])
})

test('requests have the partitions of the other table, responses those of their own', () => {
  const topology = ordersOfCustomers().forApplication('app')
  const counts = new Map([
    ['orders', 5],
    ['customers', 3],
  ])
  expect(Object.fromEntries(resolvePartitions(topology, counts).internalTopics)).toEqual({
    'app-of-subscription-registration-topic': 3,
    'app-of-subscription-response-topic': 5,
  })
})

test('rows of a table that is partitioned in a way of its own are found where that says', async () => {
  const last = (key: string, partitions: number) => key.charCodeAt(key.length - 1) % partitions
  const builder = new StreamsBuilder()
  const customers = builder.table('customers', SERDES)
  builder
    .table('orders', SERDES)
    .leftJoin(customers, (order, customer) => `${order} ${customer}`, {
      foreignKey: (order) => (order === 'nobody' ? null : order),
      otherPartitioner: (customer, none, { partitions }) => {
        expect(none).toBeNull()
        return last(customer, partitions)
      },
    })
    .toStream()
    .to('out', { value: string })
  const driver = await openDriver(builder.build(), { partitions: 3 })
  const ids = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay']
  const rows = ids.map((id) => ({ key: id, value: id.toUpperCase(), partition: last(id, 3) }))
  await driver.createInputTopic('customers', SERDES).pipeInputs(rows)
  const orders = driver.createInputTopic('orders', SERDES)
  await orders.pipeInputs([...ids, 'nobody'].map((id) => ({ key: `o-${id}`, value: id })))
  const output = driver.createOutputTopic('out', SERDES)
  expect(output.readKeyValues().toSorted()).toEqual(
    [...ids.map((id) => [`o-${id}`, `${id} ${id.toUpperCase()}`]), ['o-nobody', 'nobody null']].toSorted(), // prettier-ignore
  )
})
