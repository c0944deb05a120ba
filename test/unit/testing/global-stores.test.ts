import { describe, expect, test } from '@jest/globals'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { memory, memoryKafka } from '../../../src/testing/memory.ts'
import type { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import type { ProcessorFunction } from '../../../src/topology/processor/processor.ts'
import type {
  KeyValueStore,
  TimestampedKeyValueStore,
} from '../../../src/topology/processor/state-store.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TopologyBuilder } from '../../../src/topology/topology-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }
type Text = ProcessorFunction<string, string>
type Updater = ProcessorFunction<string, string, never, never>

const names = stores.keyValue({ name: 'names', ...SERDES })
const keepInCapitals: Updater = ({ key, value }, context) =>
  context.store(names).put(key, (value as string | null)?.toUpperCase())

/** Reads a row of `names` for each order, whose value is the key. */
const nameOf: Text = async (record, context) => {
  const name = await context.store<KeyValueStore<string, string>>('names').get(record.value)
  await context.forward({ ...record, value: name ?? 'nobody' })
}

function ordersWith(
  processor: Text,
  define: (builder: StreamsBuilder) => unknown,
  attached: readonly string[] = [],
): Topology {
  const builder = new StreamsBuilder()
  define(builder)
  builder
    .stream('orders', { ...SERDES, name: 'orders' })
    .processValues(processor, { name: 'reader', stores: attached })
    .to('out')
  return builder.build()
}

const globalStore = (builder: StreamsBuilder) =>
  builder.addGlobalStore(names, 'customers', keepInCapitals, { ...SERDES, name: 'keeper' })

async function pipe(driver: TopologyTestDriver, topic: string, records: Record<string, string>) {
  const input = driver.createInputTopic(topic, SERDES)
  await input.pipeInputs(Object.entries(records).map(([key, value]) => ({ key, value })))
}

function read(driver: TopologyTestDriver): (string | null)[] {
  const output = driver.createOutputTopic('out', SERDES)
  return output.readKeyValues().map(([, value]) => value)
}

describe.each([1, 3])('with %s partitions', (partitions) => {
  test('a processor of any task reads a global store that it has not attached', async () => {
    const driver = await openDriver(ordersWith(nameOf, globalStore), { partitions })
    await pipe(driver, 'customers', { ann: 'Ann', bob: 'Bob', cid: 'Cid', dan: 'Dan' })
    await pipe(driver, 'orders', { o1: 'ann', o2: 'bob', o3: 'cid', o4: 'dan', o5: 'eve' })
    expect(read(driver).toSorted()).toEqual(['ANN', 'BOB', 'CID', 'DAN', 'nobody'])
  })

  test('what the processor of a global store deletes is gone for all', async () => {
    const driver = await openDriver(ordersWith(nameOf, globalStore), { partitions })
    const customers = driver.createInputTopic('customers', SERDES)
    for (const value of ['Ann', null]) {
      await customers.pipeInput({ key: 'ann', value })
      await pipe(driver, 'orders', { o1: 'ann' })
    }
    expect(read(driver)).toEqual(['ANN', 'nobody'])
  })

  test('a global store survives a restart', async () => {
    const driver = await openDriver(ordersWith(nameOf, globalStore), { partitions })
    await pipe(driver, 'customers', { ann: 'Ann', bob: 'Bob' })
    await driver.restart()
    await pipe(driver, 'orders', { o1: 'ann', o2: 'bob' })
    expect(read(driver).toSorted()).toEqual(['ANN', 'BOB'])
    const rows = await driver.getKeyValueStore<string, string>('names').entries()
    expect(rows.map(({ key }) => key).toSorted()).toEqual(['ann', 'bob'])
  })

  test('ranges of a global store go over the rows of all partitions, in the order of their keys', async () => {
    const lists: Text = async (record, context) => {
      const store = context.store(names)
      const seen: string[] = []
      const rows = {
        all: () => store.all(),
        reverse: () => store.reverseAll(),
        range: () => store.range('b', 'd'),
        prefix: () => store.prefixScan('a'),
      }[record.value as 'all']()
      for await (const [key] of rows) seen.push(key)
      await context.forward({ ...record, value: seen.join(' ') })
    }
    const driver = await openDriver(ordersWith(lists, globalStore), { partitions })
    await pipe(driver, 'customers', { d: '', ab: '', c: '', a: '', b: '', e: '' })
    await pipe(driver, 'orders', { o: 'all' })
    await pipe(driver, 'orders', { o: 'reverse' })
    await pipe(driver, 'orders', { o: 'range' })
    await pipe(driver, 'orders', { o: 'prefix' })
    expect(read(driver)).toEqual(['a ab b c d e', 'e d c b ab a', 'b c d', 'a ab'])
  })

  test('a row of a global table is read with its time, by the name of the store', async () => {
    const timeOf: Text = async (record, context) => {
      const store = context.store<TimestampedKeyValueStore<string, string>>('customers')
      const row = await store.get(record.value)
      await context.forward({ ...record, value: `${row?.value} at ${row?.timestamp}` })
    }
    const table = (builder: StreamsBuilder) =>
      builder.globalTable('customers', { ...SERDES, store: 'customers' })
    for (const attached of [[], ['customers']]) {
      const driver = await openDriver(ordersWith(timeOf, table, attached), { partitions })
      const customers = driver.createInputTopic('customers', SERDES)
      await customers.pipeInput({ key: 'ann', value: 'Ann', timestamp: 7 })
      await pipe(driver, 'orders', { o1: 'ann', o2: 'ann', o3: 'ann' })
      expect(read(driver)).toEqual(['Ann at 7', 'Ann at 7', 'Ann at 7'])
    }
  })

  test.each(['put', 'putIfAbsent', 'putAll', 'delete'])(
    'a global store refuses %s of any other processor, with the way to it',
    async (method) => {
      const writes: Text = (_, context) => {
        const store = context.store(names) as unknown as Record<string, (key: string) => void>
        store[method]!('k')
      }
      const driver = await openDriver(ordersWith(writes, globalStore), { partitions })
      await expect(pipe(driver, 'orders', { o: 'ann' })).rejects.toMatchObject({
        code: 'TOPOLOGY_INVALID',
        message: expect.stringContaining(
          'node orders → reader writes the store names, which node keeper alone may write',
        ),
      })
    },
  )
})

test('a global store binds no sub-topologies together, attached or not', () => {
  for (const attached of [[], ['names']])
    expect(
      ordersWith(nameOf, globalStore, attached)
        .describe()
        .match(/Sub-topology/g),
    ).toHaveLength(2)
})

test('what may read a global store waits until it has come to where its topic ended', async () => {
  const kafka = memoryKafka()
  const client = await kafka.open({ clientId: 'test', logger: consoleLogger('silent') })
  await client.createTopics(
    ['customers', 'orders', 'out'].map((topic) => ({ topic, partitions: 2 })),
  )
  await client.produce([record('orders', 'o', 'ann'), record('customers', 'ann', 'Ann')])
  const options = { kafka, database: memory(), partitions: 2 }
  const driver = await openDriver(ordersWith(nameOf, globalStore), options)
  await pipe(driver, 'orders', { p: 'ann' })
  expect(read(driver)).toEqual(['ANN', 'ANN'])
})

test('the store of a processor that was added before is filled by its topic all the same', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('orders', SERDES)
    .processValues(nameOf, { stores: [names] })
    .to('out')
  globalStore(builder)
  const driver = await openDriver(builder.build(), { partitions: 2 })
  await pipe(driver, 'customers', { ann: 'Ann' })
  await pipe(driver, 'orders', { o1: 'ann' })
  expect(read(driver)).toEqual(['ANN'])
})

test('the nodes of a global store are named and described as in Kafka Streams', () => {
  const builder = new StreamsBuilder().addGlobalStore(names, 'customers', keepInCapitals, SERDES)
  expect(builder.build().describe()).toContain(
    'Source: KSTREAM-SOURCE-0000000000 (topics: [customers])\n      --> KTABLE-SOURCE-0000000001\n',
  )
})

test('a global store that is no key-value store is refused', () => {
  const windows = { windowSizeMs: 1, retentionMs: 1 }
  const store: unknown = stores.window({ name: 'windows', ...SERDES, ...windows })
  const add = () =>
    new StreamsBuilder().addGlobalStore(store as typeof names, 'in', keepInCapitals, SERDES)
  expect(add).toThrow(
    'the store windows cannot be global: it is no key-value store, but of the kind window',
  )
})

test('two processors that want to write a store alone are refused', () => {
  const builder = globalStore(new StreamsBuilder())
  builder.addGlobalStore(names, 'others', keepInCapitals, { ...SERDES, name: 'second' })
  expect(() => builder.build()).toThrow(
    'nodes keeper and second cannot both be the only one that writes the store names',
  )
})

describe('built node by node,', () => {
  const UPDATER = { ...SERDES, source: 'customers', name: 'keeper' }
  const READER = { parents: ['orders'] as const, stores: [names] }

  test('a global store is read by any processor', async () => {
    const topology = new TopologyBuilder()
      .addSource('orders', 'orders', SERDES)
      .addProcessor('reader', nameOf, READER)
      .addSink('out', 'out', { parents: ['reader'], ...SERDES })
      .addGlobalStore(names, 'customers', keepInCapitals, UPDATER)
      .build()
    const driver = await openDriver(topology, { partitions: 3 })
    await pipe(driver, 'customers', { ann: 'Ann', bob: 'Bob', cid: 'Cid' })
    await pipe(driver, 'orders', { o1: 'ann', o2: 'bob', o3: 'cid' })
    expect(read(driver).toSorted()).toEqual(['ANN', 'BOB', 'CID'])
  })

  test('nothing hangs under the nodes of a global store', () => {
    const kept = stores.keyValue({ name: 'kept', ...SERDES })
    for (const [parent, attached] of [
      ['customers', []],
      ['customers', [kept]],
      ['keeper', []],
      ['keeper', [kept]],
    ] as const) {
      const builder = new TopologyBuilder<Record<string, readonly [string, string]>>()
        .addGlobalStore(names, 'customers', keepInCapitals, UPDATER)
        .addProcessor('below', nameOf, { parents: [parent], stores: attached })
      expect(() => builder.build()).toThrow(
        `node below hangs under ${parent}, which a global store is made of`,
      )
    }
  })

  /** `names` by key, of the same partition. */
  const greet: Text = async (record, context) => {
    const name = await context.store(names).get(record.key)
    await context.forward({ ...record, value: name ?? 'nobody' })
  }

  test('a read-only store is filled by its topic and read by processors of the same partition', async () => {
    const topology = new TopologyBuilder()
      .addSource('orders', 'orders', SERDES)
      .addProcessor('reader', greet, READER)
      .addSink('out', 'out', { parents: ['reader'], ...SERDES })
      .addReadOnlyStateStore(names, 'customers', keepInCapitals, UPDATER)
      .build()
    expect(topology.describe().match(/Sub-topology/g)).toHaveLength(1)
    const driver = await openDriver(topology, { partitions: 3 })
    await pipe(driver, 'customers', { ann: 'Ann', bob: 'Bob', cid: 'Cid' })
    await driver.restart()
    await pipe(driver, 'orders', { ann: '', bob: '', cid: '', dan: '' })
    expect(read(driver).toSorted()).toEqual(['ANN', 'BOB', 'CID', 'nobody'])
  })

  test('a read-only store refuses writes of others', async () => {
    const writes: Text = (_, context) => context.store(names).put('k', 'v')
    const topology = new TopologyBuilder()
      .addReadOnlyStateStore(names, 'customers', keepInCapitals, UPDATER)
      .addSource('orders', 'orders', SERDES)
      .addProcessor('reader', writes, READER)
      .build()
    const driver = await openDriver(topology)
    await expect(pipe(driver, 'orders', { o: 'ann' })).rejects.toMatchObject({
      code: 'TOPOLOGY_INVALID',
      message: expect.stringContaining('which node keeper alone may write'),
    })
  })

  test('a read-only store that nobody attached is not read', async () => {
    const topology = new TopologyBuilder()
      .addReadOnlyStateStore(names, 'customers', keepInCapitals, UPDATER)
      .addSource('orders', 'orders', SERDES)
      .addProcessor('reader', greet, { parents: ['orders'] })
      .build()
    const driver = await openDriver(topology)
    await expect(pipe(driver, 'orders', { o: 'ann' })).rejects.toThrow(/names, .*not attached/)
  })
})

function record(topic: string, key: string, value: string): OutgoingRecord {
  const bytes = string.serialize(key)
  const partition = partitionOf(bytes, 2)
  const encoded = { key: bytes, value: string.serialize(value), headers: NO_HEADERS }
  return { topic, partition, timestamp: 1, ...encoded }
}
