import { describe, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { StreamPartitioner } from '../../../src/topology/processing/functions.ts'
import type { ProcessorFunction } from '../../../src/topology/processor/processor.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TopologyBuilder } from '../../../src/topology/topology-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { DropCounter } from '../../conformance/kafka-streams/drop-counter.ts'
import { openDriver } from './support/open-driver.ts'

const { string, int64 } = serdes
const SERDES = { key: string, value: string }
type Text = StreamPartitioner<string, string>
/** By the value: a number, several, none, or the key's. */
const byValue: Text = (_, value) => {
  if (value === 'all') return [0, 1, 2, 2]
  if (value === 'none') return []
  return value === 'key' ? undefined : Number(value)
}

function written(partitioner: Text): Topology {
  const builder = new StreamsBuilder()
  builder.stream('in', SERDES).to('out', { partitioner })
  return builder.build()
}

async function run(topology: Topology, values: readonly string[], options = {}) {
  const driver = await openDriver(topology, { partitions: 3, ...options })
  const input = driver.createInputTopic('in', SERDES)
  for (const value of values) await input.pipeInput({ key: 'a', value })
  const output = driver.createOutputTopic('out', SERDES)
  return output.readRecords().map(({ value, partition }) => `${value} ${partition}`)
}

describe('a partitioner', () => {
  test('chooses one partition or several, or leaves it to the key', async () => {
    const records = await run(written(byValue), ['2', '0', 'all', 'key'])
    const [byKey] = await run(
      written(() => undefined),
      ['key'],
    )
    expect(records.toSorted()).toEqual(['0 0', '2 2', 'all 0', 'all 1', 'all 2', byKey])
  })

  test('leaves a record out with no partition, which is counted', async () => {
    const drops = new DropCounter()
    const options = { logger: drops.logger, partitions: 1 }
    expect(await run(written(byValue), ['none', '0'], options)).toEqual(['0 0'])
    expect(drops.count).toBe(1)
  })

  test('is told of the topic and of how many partitions it has', async () => {
    const seen: unknown[] = []
    const partitioner: Text = (key, value, topic) => {
      seen.push(key, value, topic)
      return 0
    }
    await run(written(partitioner), ['x'])
    expect(seen).toEqual(['a', 'x', { topic: 'out', partitions: 3 }])
  })

  test.each(['3', '-1', '0.5'])(
    'that names partition %s of 3 fails in processing',
    async (value) => {
      await expect(run(written(byValue), [value])).rejects.toMatchObject({
        code: 'PROCESSING_FAILED',
        message: expect.stringContaining(`chose the partition ${value} of out, which has 3`),
      })
    },
  )

  test('that throws leaves its record out where the policy says so', async () => {
    const partitioner: Text = (_, value) => {
      if (value === 'bad') throw new RangeError('boom')
      return 1
    }
    const options = { onError: { processing: 'skip' } }
    expect(await run(written(partitioner), ['bad', 'good'], options)).toEqual(['good 1'])
  })

  test('chooses for topics that a function names', async () => {
    const builder = new StreamsBuilder()
    builder.stream('in', SERDES).to(() => 'out', { partitioner: byValue })
    builder.stream('other', SERDES).to('out')
    expect((await run(builder.build(), ['2', '1'])).toSorted()).toEqual(['1 1', '2 2'])
  })

  test('chooses for a sink of a topology that is built node by node', async () => {
    const topology = new TopologyBuilder()
      .addSource('in', 'in', SERDES)
      .addSink('out', 'out', { parents: ['in'], ...SERDES, partitioner: byValue })
      .build()
    expect(await run(topology, ['2'])).toEqual(['2 2'])
  })

  test('chooses the partitions of a repartition topic', async () => {
    const taskOf: ProcessorFunction<string, string> = (record, context) =>
      context.forward({ ...record, value: `${record.value} in ${context.taskId}` })
    const builder = new StreamsBuilder()
    builder
      .stream('in', SERDES)
      .repartition({ name: 'spread', partitioner: byValue })
      .processValues(taskOf)
      .to('out', { partitioner: () => 0 })
    const records = await run(builder.build(), ['2', '1', 'all'])
    expect(records.toSorted()).toEqual([
      '1 in 1_1 0',
      '2 in 1_2 0',
      'all in 1_0 0',
      'all in 1_1 0',
      'all in 1_2 0',
    ])
  })

  test('sees values before they are counted', async () => {
    const seen: string[] = []
    const partitioner: Text = (_, value) => {
      seen.push(value)
      return 0
    }
    const builder = new StreamsBuilder()
    builder
      .stream('in', SERDES)
      .repartition({ name: 'by-value', partitioner })
      .groupByKey()
      .count({ store: 'counts' })
      .toStream()
      .to('out', { value: int64 })
    const driver = await openDriver(builder.build(), { partitions: 2, cache: true })
    const input = driver.createInputTopic('in', SERDES)
    await input.pipeInputs(['x', 'y'].map((value) => ({ key: 'a', value })))
    expect(seen).toEqual(['x', 'y'])
    expect(await driver.getKeyValueStore<string, number>('counts').get('a')).toBe(2)
  })
})
