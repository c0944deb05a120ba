import { afterEach, describe, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { until } from '../../support/turns.ts'

const SERDES = { key: serdes.string, value: serdes.string }

/** One sub-topology that reads two topics. */
function merged() {
  const builder = new StreamsBuilder()
  builder.stream('in', SERDES).merge(builder.stream('more', SERDES)).to('out', SERDES)
  return builder.build()
}

const of = (topic: string, partition: number): TopicPartition => ({ topic, partition })
const TASK_0 = [of('in', 0), of('more', 0)]
const TASK_1 = [of('in', 1), of('more', 1)]

describe('tasks that a broker assigns', () => {
  let world: ApplicationWorld
  afterEach(() => world.close())

  test('are claimed once all their partitions are here', async () => {
    world = await ApplicationWorld.create(merged().forApplication('app'))
    const member = await world.start({ groupProtocol: 'consumer' })
    await member.consumer.reconcile([...TASK_0, of('in', 1)])
    expect(member.instance.tasks).toEqual(['0_0'])
    expect(await world.row('0_1')).toMatchObject({ epoch: 0n })
    await member.consumer.reconcile([...TASK_0, ...TASK_1])
    expect(member.instance.tasks).toEqual(['0_0', '0_1'])
  })

  test('are released before the group is told', async () => {
    world = await ApplicationWorld.create(merged().forApplication('app'))
    const member = await world.start({ groupProtocol: 'consumer' })
    await member.consumer.reconcile([...TASK_0, ...TASK_1])
    await until('processing', () => member.settled > 0)
    await member.consumer.reconcile(TASK_0)
    expect(await world.row('0_1')).toMatchObject({ instance: null, transactionalId: null })
  })
})

describe('a start by the consumer protocol', () => {
  const start = async (partitionsOfMore: number) => {
    const kafka = memoryKafka()
    const { logger } = recordingLogger()
    const client = await kafka.open({ clientId: 'test', logger })
    await client.createTopics([
      ...['in', 'out'].map((topic) => ({ topic, partitions: 2 })),
      { topic: 'more', partitions: partitionsOfMore },
    ])
    const options = { applicationId: 'app', kafka, database: memory(), logger }
    await new Streams(merged(), { ...options, groupProtocol: 'consumer' }).start()
  }

  test('is refused where topics of a sub-topology have different numbers of partitions', async () => {
    await expect(start(3)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('sub-topology 0 reads in 2, more 3') as unknown,
    })
  })

  test('is refused by the broker in memory', async () => {
    await expect(start(2)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
  })
})
