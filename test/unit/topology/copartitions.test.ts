import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { resolvePartitions } from '../../../src/topology/compile/resolve-partitions.ts'
import type { RunnableTopology } from '../../../src/topology/runnable-topology.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { TopologyBuilder } from '../../../src/topology/topology-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'

const SERDES = { key: serdes.string, value: serdes.string }

function compiled(define: (builder: StreamsBuilder) => void): RunnableTopology {
  const builder = new StreamsBuilder()
  define(builder)
  return builder.build().forApplication('app')
}

const sizesOf = (topology: RunnableTopology, counts: Record<string, number>) =>
  Object.fromEntries(resolvePartitions(topology, new Map(Object.entries(counts))).internalTopics)

const tables = compiled((builder) => {
  const left = builder.table('left', SERDES)
  left.join(builder.table('right', SERDES), (l, r) => l + r, { name: 'both' })
})

test('joined topics with different numbers of partitions stop the start, which names them', () => {
  expect(() => sizesOf(tables, { left: 2, right: 3 })).toThrow(
    expect.objectContaining({
      code: 'COPARTITIONING',
      message: expect.stringContaining('both-join-this, both-join-other need equally many'),
    }),
  )
  expect(() => sizesOf(tables, { left: 2, right: 3 })).toThrow('left has 2, right has 3')
  expect(sizesOf(tables, { left: 3, right: 3 })).toEqual({})
})

const rekeyed = (partitions?: number) =>
  compiled((builder) => {
    const stream = builder.stream('orders', SERDES).selectKey((_, order) => order)
    const input = partitions === undefined ? stream : stream.repartition({ name: 'by', partitions })
    input.join(builder.table('prices', SERDES), (order, price) => order + price, { name: 'by' })
  })

test('a repartitioned stream has as many partitions as the table that it is joined with', () => {
  const topic = 'app-by-repartition'
  expect(sizesOf(rekeyed(), { orders: 7, prices: 3 })).toEqual({ [topic]: 3 })
  expect(sizesOf(rekeyed(), { orders: 2, prices: 3 })).toEqual({ [topic]: 3 })
})

test('a stream that was repartitioned into another number cannot be joined', () => {
  expect(() => sizesOf(rekeyed(4), { orders: 7, prices: 3 })).toThrow(
    'app-by-repartition has 4, prices has 3',
  )
})

test('repartition topics that are joined are all as large as the largest', () => {
  const topology = compiled((builder) => {
    const counts = (topic: string) =>
      builder
        .stream(topic, SERDES)
        .groupBy((_, value) => value, { name: topic })
        .count()
    counts('a').join(counts('b'), (l, r) => l + r)
  })
  const sizes = sizesOf(topology, { a: 2, b: 5 })
  expect(sizes).toEqual({ 'app-a-repartition': 5, 'app-b-repartition': 5 })
})

test('what is looked up through other tables belongs together as well', () => {
  const topology = compiled((builder) => {
    const joined = builder.table('a', SERDES).join(builder.table('b', SERDES), (l, r) => l + r)
    builder.stream('c', SERDES).join(
      joined.mapValues((value) => value ?? ''),
      (l, r) => l + r,
    )
  })
  expect(topology.copartitions.map(({ topics }) => topics)).toEqual([['a', 'b', 'c']])
})

const cogrouped = compiled((builder) => {
  const add = (_: string, value: string, all: string) => all + value
  const paid = builder.stream('paid', SERDES).groupByKey()
  const sent = builder.stream('sent', SERDES).groupByKey()
  const named = builder.stream('named', SERDES).groupBy((_, value) => value, { name: 'by' })
  paid
    .cogroup<string>(add)
    .cogroup(sent, add)
    .cogroup(named, add)
    .aggregate({ init: () => '', value: serdes.string, name: 'all' })
})

test('what is cogrouped must have equally many partitions, and repartition topics get as many', () => {
  expect(sizesOf(cogrouped, { paid: 3, sent: 3, named: 7 })).toEqual({ 'app-by-repartition': 3 })
  expect(() => sizesOf(cogrouped, { paid: 3, sent: 2, named: 1 })).toThrow(
    expect.objectContaining({
      code: 'COPARTITIONING',
      message: expect.stringContaining('all-cogroup-merge need equally many'),
    }),
  )
})

test('a join with a global table asks for nothing', () => {
  const topology = compiled((builder) => {
    const all = builder.globalTable('all', SERDES)
    builder.stream('some', SERDES).join(
      all,
      (key) => key,
      (l, r) => l + r,
    )
  })
  expect(sizesOf(topology, { all: 2, some: 5 })).toEqual({})
})

test('a topic that fills a read-only store has as many partitions as what reads that', () => {
  const names = stores.keyValue({ name: 'names', ...SERDES })
  const topology = new TopologyBuilder()
    .addReadOnlyStateStore(names, 'customers', () => undefined, {
      ...{ source: 'customers', name: 'keep', ...SERDES },
    })
    .addSource('orders', 'orders', SERDES)
    .addProcessor('read', () => undefined, { parents: ['orders'], stores: [names] })
    .addSource('others', 'others', SERDES)
    .addProcessor('write', () => undefined, { parents: ['others'] })
    .build()
    .forApplication('app')
  expect(sizesOf(topology, { customers: 2, orders: 2, others: 5 })).toEqual({})
  expect(() => sizesOf(topology, { customers: 2, orders: 3, others: 5 })).toThrow(
    'read need equally many',
  )
})
