import { describe, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { ProcessorFunction } from '../../../src/topology/processor/processor.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { TopologyBuilder } from '../../../src/topology/topology-builder.ts'
import { openDriver } from '../testing/support/open-driver.ts'

const { string, double } = serdes
const SERDES = { key: string, value: string }
const pass: ProcessorFunction<string, string> = (record, context) => context.forward(record)
const invalid = (message: string): unknown =>
  expect.objectContaining({ code: 'TOPOLOGY_INVALID', message: expect.stringContaining(message) })

/** As in JavaScript: nobody has checked the names of parents. */
const untyped = () =>
  new TopologyBuilder<Record<string, readonly [string, string]>>().addSource('in', 'in', SERDES)

describe('a topology built node by node', () => {
  const counts = stores.keyValue({ name: 'counts', key: string, value: double })
  const count: ProcessorFunction<string, string, string, number> = async (record, context) => {
    const store = context.store(counts)
    const total = ((await store.get(record.key)) ?? 0) + 1
    store.put(record.key, total)
    await context.forward({ ...record, value: total })
  }

  const builder = new TopologyBuilder()
    .addSource('lines', ['lines', 'more'], SERDES)
    .addProcessor('count', count, { parents: ['lines'] })
    .addStateStore(counts, 'count')
    .addSink('out', 'out', { parents: ['count'], key: string, value: double })

  test('runs', async () => {
    const driver = await openDriver(builder.build())
    await driver.createInputTopic('lines', SERDES).pipeInput({ key: 'a', value: 'x' })
    await driver.createInputTopic('more', SERDES).pipeInput({ key: 'a', value: 'y' })
    const out = driver.createOutputTopic('out', { key: string, value: double })
    expect(out.readKeyValues()).toEqual([
      ['a', 1],
      ['a', 2],
    ])
    expect(await driver.getKeyValueStore<string, number>('counts').get('a')).toBe(2)
  })

  test('has the description of Kafka Streams', () => {
    expect(builder.build().describe()).toBe(
      'Topologies:\n   Sub-topology: 0\n' +
        '    Source: lines (topics: [more, lines])\n      --> count\n' +
        '    Processor: count (stores: [counts])\n      --> out\n      <-- lines\n' +
        '    Sink: out (topic: out)\n      <-- count\n\n',
    )
  })

  test('takes nodes in any order', () => {
    const topology = untyped()
      .addSink('out', 'out', { parents: ['b'], ...SERDES })
      .addProcessor('b', pass, { parents: ['a'] })
      .addProcessor('a', pass, { parents: ['in'] })
      .build()
    const names = [...topology.describe().matchAll(/(?:Source|Processor|Sink): (\S+)/g)]
    expect(names.map(([, name]) => name)).toEqual(['in', 'a', 'b', 'out'])
  })

  test('goes on after it was built', () => {
    const early = builder.build()
    builder.addSink('again', 'again', { parents: ['count'], key: string, value: double })
    expect(early.describe()).not.toContain('again')
    expect(builder.build().describe()).toContain('again')
  })
})

describe('is refused, with node and path:', () => {
  test('a parent that is not there', () => {
    const builder = untyped()
      .addProcessor('a', pass, { parents: ['nowhere'] })
      .addProcessor('b', pass, { parents: ['a'] })
    expect(() => builder.build()).toThrow(
      invalid('node a has the parent nowhere, but no node is named so: nowhere → a'),
    )
  })

  test('a cycle', () => {
    const builder = untyped()
      .addProcessor('a', pass, { parents: ['in', 'c'] })
      .addProcessor('b', pass, { parents: ['a'] })
      .addProcessor('c', pass, { parents: ['b'] })
    expect(() => builder.build()).toThrow(invalid('node a hangs under itself: a → b → c → a'))
  })

  test('a node that is its own parent', () => {
    const builder = untyped().addProcessor('a', pass, { parents: ['a'] })
    expect(() => builder.build()).toThrow(invalid('node a hangs under itself: a → a'))
  })

  test('a name used twice', () => {
    const builder = untyped()
      .addProcessor('a', pass, { parents: ['in'] })
      .addProcessor('b', pass, { parents: ['in'] })
    expect(() => builder.addSink('a', 'out', { parents: ['b'], ...SERDES })).toThrow(
      invalid("two nodes are named 'a', in → a and in → b → a: give one"),
    )
  })

  test('a node without parents', () => {
    expect(() => untyped().addProcessor('a', pass, { parents: [] })).toThrow(
      invalid('node a has no parents'),
    )
  })

  test('what hangs under a sink', () => {
    const builder = untyped()
      .addSink('out', 'out', { parents: ['in'], ...SERDES })
      .addProcessor('a', pass, { parents: ['out'] })
    expect(() => builder.build()).toThrow(invalid('in → out → a'))
  })

  test('a store that is attached to nothing, or to no processor', () => {
    const store = stores.keyValue({ name: 'kept', key: string, value: string })
    expect(() => untyped().addStateStore(store).build()).toThrow(
      invalid('kept is attached to no processor'),
    )
    expect(() => untyped().addStateStore(store, 'in').build()).toThrow(
      invalid('kept is attached to in, but no processor is named so'),
    )
  })

  test('a store attached by a name that nobody has', () => {
    const builder = untyped().addProcessor('a', pass, { parents: ['in'], stores: ['lost'] })
    expect(() => builder.build()).toThrow(
      invalid('the store lost is attached to node in → a by its name'),
    )
  })

  test('a store that a processor uses and did not attach', async () => {
    const kept = stores.keyValue({ name: 'kept', key: string, value: string })
    const peek: ProcessorFunction<string, string> = (_, context) => void context.store(kept)
    const topology = untyped()
      .addProcessor('a', pass, { parents: ['in'], stores: [kept] })
      .addProcessor('b', peek, { parents: ['a'] })
      .build()
    const driver = await openDriver(topology)
    const piped = driver.createInputTopic('in', SERDES).pipeInput({ key: 'k', value: 'v' })
    await expect(piped).rejects.toThrow(/node in → a → b uses the store kept, .*not attached/)
  })
})
