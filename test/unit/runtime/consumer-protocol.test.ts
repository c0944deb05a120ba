import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { CATALOGUE } from '../../../src/commit/system-tables.ts'
import { memory } from '../../../src/database/memory/index.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { EagerClock, ManualClock } from '../../support/manual-clock.ts'
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

  test('are taken at once from an owner that has not released them', async () => {
    world = await ApplicationWorld.create(merged().forApplication('app'))
    const dead = await world.start({ groupProtocol: 'consumer' })
    await dead.consumer.reconcile(TASK_0)
    await dead.consumer.stop()
    // A clock that stands still: who waited for the owner would do so for ever.
    const heir = await world.start({ groupProtocol: 'consumer', clock: new ManualClock() })
    void heir.consumer.reconcile(TASK_0)
    await until('the takeover', () => heir.instance.tasks.length === 1)
    expect(await world.row('0_0')).toMatchObject({ epoch: 2n })
  })
})

describe('another topology', () => {
  let world: ApplicationWorld
  afterEach(async () => {
    jest.useRealTimers()
    await world.close()
  })

  /** As {@link countTopology}, with one store more. */
  const counting = (...more: readonly string[]) => {
    const builder = new StreamsBuilder()
    const keys = builder.stream('in', SERDES).groupByKey()
    for (const store of ['counts', ...more]) keys.count({ store, cache: false })
    return builder.build().forApplication('app')
  }
  const begin = async () => {
    world = await ApplicationWorld.create(counting(), 'consumer')
    const member = await world.start({ clock: new EagerClock() })
    await member.consumer.reconcile([of('in', 0), of('in', 1)])
    return member
  }
  const entries = () => world.database.range(CATALOGUE, { prefix: [] })

  test('does not start while the group has members, and leaves nothing behind', async () => {
    await begin()
    world.kafka.members = 1
    const before = await entries()
    await expect(world.upgraded(counting('again'))).rejects.toMatchObject({
      code: 'TOPOLOGY_REFUSED',
      message: expect.stringContaining('sub-topology 0 has other stores') as unknown,
    })
    expect(await entries()).toEqual(before)
    expect(await world.row('0_0')).toMatchObject({ epoch: 1n })
  })

  test('that is started while a member has no session stops it, and nothing is lost or counted twice', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const old = await begin()
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    const younger = await world.upgraded(counting('again'))
    expect(await world.row('0_1')).toMatchObject({ epoch: 2n })
    world.produce(0, 'a')
    await until('the fence', () => !old.instance.tasks.includes('0_0'))
    jest.advanceTimersByTime(1_000)
    await until('the failure', () => old.failures.length > 0)
    expect(old.failures).toMatchObject([{ code: 'TOPOLOGY_REFUSED' }])
    const heir = await younger.start({ clock: new EagerClock() })
    await heir.consumer.reconcile([of('in', 0), of('in', 1)])
    await world.counted({ a: 2 })
    expect([heir.failures, heir.instance.tasks]).toEqual([[], ['0_0', '0_1']])
    await younger.close()
  })

  test('that is the same is no other: nobody is fenced', async () => {
    const member = await begin()
    world.kafka.members = 1
    await world.upgraded(counting())
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    expect(member.failures).toEqual([])
    expect(await world.row('0_0')).toMatchObject({ epoch: 1n })
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
