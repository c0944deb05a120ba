import { afterEach, describe, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { RegistryUnreachableError } from '../../../src/errors/registry-errors.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import {
  subscriptionRequestSerde,
  subscriptionResponseSerde,
} from '../../../src/topology/processing/subscription-serdes.ts'
import { PendingSerde } from '../../support/pending-serde.ts'

const { string } = serdes
const bySerde = { key: string, value: string }
let driver: TopologyTestDriver | undefined
afterEach(() => driver?.close())

function copy(value: PendingSerde): Topology {
  const builder = new StreamsBuilder()
  builder.stream('in', { key: string, value }).to('out', { value: string })
  return builder.build()
}

/** With more than one partition it is the whole application. */
async function open(value: PendingSerde, partitions: number) {
  const whole = partitions > 1 && { kafka: memoryKafka() }
  driver = await TopologyTestDriver.open(copy(value), { partitions, ...whole })
  return {
    input: driver.createInputTopic('in', bySerde),
    output: driver.createOutputTopic('out', bySerde),
  }
}

const records = (...values: string[]) => values.map((value) => ({ key: 'k', value, partition: 0 }))

describe.each([1, 2])('records whose schema is being fetched, with %d partitions', (partitions) => {
  test('are decoded again in their places when it is here', async () => {
    const value = new PendingSerde()
    const { input, output } = await open(value, partitions)
    const piping = input.pipeInputs(records('a', '?b', 'c', '?d'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(output.isEmpty).toBe(true)
    value.arrive()
    await piping
    expect(output.readValues()).toEqual(['a', '?b', 'c', '?d'])
  })

  test('stop the application with their position when it cannot be had', async () => {
    const value = new PendingSerde()
    const { input } = await open(value, partitions)
    const piping = input.pipeInputs(records('a', '?b'))
    value.neverArrive()
    await expect(piping).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      position: { topic: 'in', partition: 0, offset: 1n },
    })
  })
})

test('other tasks of an application go on meanwhile', async () => {
  const value = new PendingSerde()
  const { input, output } = await open(value, 2)
  const piping = input.pipeInputs([
    { value: '?waits', partition: 0 },
    { value: 'goes on', partition: 1 },
  ])
  while (output.isEmpty) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(output.readValue()).toBe('goes on')
  value.arrive()
  await piping
  expect(output.readValues()).toEqual(['?waits'])
})

test('rows of a store are read when their schema is here', async () => {
  const written = new PendingSerde()
  const database = memory()
  const table = (value: PendingSerde) => {
    const builder = new StreamsBuilder()
    builder.table('in', { key: string, value, store: 'rows' }).toStream().to('out', { value })
    return builder.build()
  }
  written.arrive()
  const first = await TopologyTestDriver.open(table(written), { database })
  await first.createInputTopic('in', bySerde).pipeInput({ key: 'k', value: '?old' })
  await first.close()

  const read = new PendingSerde()
  driver = await TopologyTestDriver.open(table(read), { database })
  const piping = driver.createInputTopic('in', bySerde).pipeInput({ key: 'k', value: 'new' })
  setTimeout(() => read.arrive(), 20)
  await piping
  // What the first one sent is published once more: its broker is gone.
  expect(driver.createOutputTopic('out', bySerde).readValues()).toEqual(['?old', 'new'])
})

describe('serdes are prepared before the first record', () => {
  test('for writing where sinks and stores have them, once each', async () => {
    const [source, sink, store] = [new PendingSerde(), new PendingSerde(), new PendingSerde()]
    const builder = new StreamsBuilder()
    builder.stream('in', { key: string, value: source }).to('copy', { value: source })
    builder.stream('in-2', { key: source, value: sink }).to('out', { value: sink })
    builder.table('rows', { key: string, value: store, store: 'rows' })
    driver = await TopologyTestDriver.open(builder.build())
    expect(sink.uses.map(({ isWritten }) => isWritten)).toEqual([true])
    expect(store.uses.map(({ isWritten }) => isWritten)).toEqual([true])
    expect(source.uses).toHaveLength(1)
  })

  test('for reading where only sources have them', async () => {
    const value = new PendingSerde()
    driver = await TopologyTestDriver.open(copy(value))
    expect(value.uses).toMatchObject([{ isWritten: false }])
  })

  test.each([subscriptionRequestSerde, subscriptionResponseSerde])(
    'those that are made of others too',
    async (compose) => {
      const inner = new PendingSerde()
      await compose(inner).prepare!({ isWritten: true })
      expect(inner.uses).toEqual([{ isWritten: true }])
    },
  )

  test('and are told to try again what fails for passing reasons, as long as taskTimeoutMs', async () => {
    const value = new PendingSerde()
    driver = await TopologyTestDriver.open(copy(value), { taskTimeoutMs: 100 })
    let calls = 0
    const failing = (times: number) => () =>
      ++calls <= times
        ? Promise.reject(new RegistryUnreachableError('http://registry', 'it is down'))
        : Promise.resolve('here')
    const { patiently } = value.uses[0]!
    expect(await patiently!(failing(2))).toBe('here')
    await expect(patiently!(failing(Infinity))).rejects.toThrow('it is down')
    expect(calls).toBeGreaterThan(4)
  })

  test.each([1, 2])(
    'and what they throw fails the start, with %d partitions',
    async (partitions) => {
      const value = new PendingSerde()
      value.prepare = () => Promise.reject(new TypeError('no such schema'))
      await expect(TopologyTestDriver.open(copy(value), { partitions })).rejects.toThrow(
        'no such schema',
      )
    },
  )
})
