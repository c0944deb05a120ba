import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { readPositions } from '../../../src/commit/positions.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { turns, until } from '../../support/turns.ts'

const REPARTITIONS = [0, 1].map((partition) => ({ topic: 'app-words-repartition', partition }))
let world: ApplicationWorld
afterEach(async () => {
  jest.useRealTimers()
  await world.close()
})

/** Only housekeeping has intervals. */
const holdIntervals = () =>
  jest.useFakeTimers({
    doNotFake: ['setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout', 'nextTick', 'queueMicrotask', 'performance', 'Date'], // prettier-ignore
  })

/** Counts values of `in` behind a repartition topic. */
function repartitioned() {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .groupBy((key) => key, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to('out', { value: serdes.int64 })
  return builder.build().forApplication('app')
}

/** Sends values of `in` to `out`, by way of a repartition topic. */
function passedThrough() {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .repartition({ name: 'through' })
    .to('out')
  return builder.build().forApplication('app')
}
const THROUGH = { topic: 'app-through-repartition', partition: 0 }

describe('housekeeping', () => {
  test('clears internal topics up to the durable offset, and no other topic', async () => {
    holdIntervals()
    world = await ApplicationWorld.create(repartitioned())
    const member = await world.start({ repartitionPurgeIntervalMs: 30_000 })
    member.consumer.assign([{ topic: 'in', partition: 0 }, ...REPARTITIONS])
    await until('processing', () => member.settled > 0)
    world.produce(0, 'd', 'd')
    await until('the output', () => world.published('d').length > 0)
    const ends = REPARTITIONS.map((one) => world.kafka.log(one).length)
    jest.advanceTimersByTime(29_999)
    await turns()
    expect(deletions()).toEqual([])
    jest.advanceTimersByTime(1)
    await until('the deletion', () => deletions().length > 1)
    expect(deletions()).toEqual(ends.map((end, i) => `deleted app-words-repartition-${i} before ${end}`)) // prettier-ignore
    expect(Math.max(...ends)).toBeGreaterThan(0)
  })

  test('leaves what a task without state may have to read again', async () => {
    holdIntervals()
    world = await ApplicationWorld.create(passedThrough())
    const member = await world.start({ repartitionPurgeIntervalMs: 30_000 })
    member.consumer.assign([THROUGH])
    await until('processing', () => member.settled > 0)
    world.kafka.append([recordOf(THROUGH.topic)])
    await until('the output', () => world.kafka.values('out').length > 0)
    world.kafka.isHanging = true
    world.kafka.append([recordOf(THROUGH.topic)])
    await until('its commit', async () => (await durableOffset('1_0')) === 2n)
    jest.advanceTimersByTime(30_000)
    await until('the deletion', () => deletions().length > 0)
    expect(deletions()).toEqual([`deleted ${THROUGH.topic}-0 before 1`])
  })

  test('writes the offsets of a task that moves without sending anything', async () => {
    holdIntervals()
    world = await ApplicationWorld.create()
    await world.startWith([0])
    produceNullKey()
    await until('the commit', async () => (await durableOffset()) === 1n)
    expect(world.kafka.offsets.get('in-0')?.offset).toBe(0n)
    jest.advanceTimersByTime(5_000)
    await until('the offset', () => world.kafka.offsets.get('in-0')?.offset === 1n)
    expect(world.kafka.offsets.get('in-0')?.metadata).toBe('rowstream:0')
  })

  test('writes them once', async () => {
    holdIntervals()
    world = await ApplicationWorld.create()
    await world.startWith([0])
    produceNullKey()
    await until('the commit', async () => (await durableOffset()) === 1n)
    jest.advanceTimersByTime(5_000)
    await until('the offset', () => world.kafka.offsets.get('in-0')?.offset === 1n)
    const before = commits()
    jest.advanceTimersByTime(60_000)
    await turns(50)
    expect(commits()).toBe(before)
  })

  test('ends with its instance', async () => {
    holdIntervals()
    world = await ApplicationWorld.create()
    const member = await world.startWith([0])
    expect(jest.getTimerCount()).toBe(3)
    await member.instance.stop({ commit: true })
    expect(jest.getTimerCount()).toBe(0)
  })
})

const deletions = () => world.kafka.journal.filter((line) => line.startsWith('deleted'))
const commits = () => world.kafka.journal.filter((line) => line.startsWith('commit')).length

/** A record that is read and dropped: nothing comes of it but an offset. */
function produceNullKey(): void {
  world.kafka.append([recordOf('in')])
}

function recordOf(topic: string): OutgoingRecord {
  const value = Buffer.from('x')
  return { topic, partition: 0, timestamp: 0, key: null, value, headers: NO_HEADERS }
}

async function durableOffset(taskId: TaskId = '0_0'): Promise<bigint | undefined> {
  return (await readPositions(world.database, taskId))[0]?.nextOffset
}
