import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { readPositions } from '../../../src/commit/positions.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
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
  const value = Buffer.from('x')
  world.kafka.append([
    { topic: 'in', partition: 0, timestamp: 0, key: null, value, headers: NO_HEADERS },
  ])
}

async function durableOffset(): Promise<bigint | undefined> {
  return (await readPositions(world.database, '0_0'))[0]?.nextOffset
}
