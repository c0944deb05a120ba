import { afterEach, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { turns, until } from '../../support/turns.ts'

const { string, int64 } = serdes
let world: ApplicationWorld | undefined
afterEach(() => world?.close())

/** Counts each key of a window of 100 ms, told when it has closed. */
function createWorld(): Promise<ApplicationWorld> {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .groupByKey()
    .windowedBy(TimeWindows.of({ sizeMs: 100, graceMs: 10 }))
    .count({ store: 'counts' })
    .suppress({ until: 'window-closes' })
    .toStream()
    .map(({ key }, count) => [key, count])
    .to('out', { key: string, value: int64 })
  return ApplicationWorld.create(builder.build().forApplication('app'))
}

test('a window stays open while Kafka is out of reach: what was written meanwhile is not late', async () => {
  world = await createWorld()
  const clock = new ManualClock()
  const { instance, consumer } = await world.startWith([0], { clock, streamTimeIdleMs: 50 })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await instance.clockMoved()
    await turns(20)
  }
  world.produce(0, 'a')
  await turns(50)
  await pass(10)
  consumer.isSilent = true
  for (let i = 0; i < 20; i++) await pass(60)
  world.produce(0, 'a')
  consumer.isSilent = false
  consumer.deliverSoon()
  await turns(50)
  expect(world.published('a')).toEqual([])
  for (let i = 0; i < 3; i++) await pass(60)
  await until('the window closed', () => world!.published('a').length > 0)
  expect(world.published('a')).toEqual([2])
})

test('the time of a partition that was empty all along counts as soon as that is known', async () => {
  world = await createWorld()
  const clock = new ManualClock()
  const { instance, consumer } = await world.startWith([0], { clock, streamTimeIdleMs: 50 })
  world.produce(0, 'a')
  await turns(50)
  consumer.isSilent = true
  clock.advance(200)
  await instance.clockMoved()
  await turns(50)
  expect(world.published('a')).toEqual([])
  consumer.isSilent = false
  clock.advance(50)
  await instance.clockMoved()
  await until('the window closed', () => world!.published('a').length > 0)
  expect(world.published('a')).toEqual([1])
})
