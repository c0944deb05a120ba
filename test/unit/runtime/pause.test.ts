import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

function pause(member: Member): void {
  member.isPaused = true
}

function resume(member: Member): void {
  member.isPaused = false
  member.instance.resume()
}

describe('in a pause', () => {
  test('records are fetched and wait; afterwards none is missing', async () => {
    const member = await world.startWith([0], { clock: new ManualClock() })
    pause(member)
    world.produce(0, 'a', 'b')
    await turns(100)
    expect(await world.counts()).toEqual({})
    resume(member)
    await world.counted({ a: 1, b: 1 })
    expect(world.published('a')).toEqual([1])
  })

  test('what is processed is committed and published', async () => {
    const clock = new ManualClock()
    const member = await world.startWith([0], { clock, commitIntervalMsMax: 1_000 })
    world.produce(0, ...Array.from({ length: 10_000 }, () => 'a'))
    await until('the first records', () => member.database.readsBegun > 0)
    pause(member)
    await until('the commit', async () => (await world.counts())['a'] !== undefined)
    const { a: count } = await world.counts()
    // Of what waits a commit by itself would take more than half.
    expect(count).toBeLessThan(5_000)
    await until('the output', () => world.published('a').length === count)
  })

  test('fetching stops at the bound of a queue', async () => {
    const member = await world.startWith([0], { clock: new ManualClock() })
    member.consumer.throttled.length = 0
    pause(member)
    world.produce(0, ...Array.from({ length: 50_000 }, () => 'a'))
    await until('the bound', () => member.consumer.throttled.length > 0)
    await turns(50)
    expect(member.consumer.throttled).toEqual(['pause in-0'])
    resume(member)
    await world.counted({ a: 50_000 })
  })

  test('tasks come and go, and those that come stand still too', async () => {
    const first = await world.startWith([0])
    const second = await world.startWith([1], { isPaused: true })

    world.produce(0, 'a')
    await world.counted({ a: 1 })
    first.assign()
    second.assign(0, 1)
    await world.owns(first, [])
    await world.owns(second, [0, 1])
    world.produce(0, 'a')
    world.produce(1, 'b')
    await turns(100)
    expect(await world.counts()).toEqual({ a: 1 })
    first.assign(0)
    second.assign(1)
    await world.owns(first, [0])
    await world.counted({ a: 2 })
    resume(second)
    await world.counted({ a: 2, b: 1 })
  })

  test('the loop sleeps, also over what the clock has made due', async () => {
    const clock = new ManualClock()
    const { member } = await startTicking(clock)
    pause(member)
    clock.advance(1_000)
    const timers = jest.spyOn(globalThis, 'setTimeout')
    member.instance.resume()
    await until('a sleep', () => timers.mock.calls.length > 0)
    expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([1_000])
    timers.mockRestore()
  })
})

describe('punctuations', () => {
  test('stand still in a pause, and what was missed comes once', async () => {
    const clock = new ManualClock()
    const { member, ticks } = await startTicking(clock)
    const start = clock.now()
    pause(member)
    clock.advance(350)
    await member.instance.clockMoved()
    await turns(20)
    expect(ticks).toEqual([])
    resume(member)
    await until('a call', () => ticks.length > 0)
    clock.advance(50)
    await member.instance.clockMoved()
    expect(ticks.map((at) => at - start)).toEqual([350, 400])
  })
})

/** A processor that is called every 100 ms. */
async function startTicking(clock: ManualClock) {
  await world.close()
  const ticks: number[] = []
  const builder = new StreamsBuilder()
  builder.stream('in', { key: serdes.string, value: serdes.string }).process({
    get: () => ({
      init: (context) => void context.schedule(100, 'wall-clock', (at) => void ticks.push(at)),
      process: () => undefined,
    }),
  })
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  return { member: await world.startWith([0], { clock }), ticks }
}
