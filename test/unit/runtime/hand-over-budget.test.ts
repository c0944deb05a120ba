import { afterEach, describe, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { signalsAt } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'
import { WindowGate } from '../../support/window-gate.ts'

let world: ApplicationWorld
let letGo: () => void
afterEach(async () => {
  letGo()
  await world.close()
})

const LIMIT_MS = 1_000
const LATE = 'tasks could not be released in time'

/** Starts an owner of both tasks with a record in each, which hangs somewhere, and takes the first task away from it. */
type Hang = (clock: ManualClock) => Promise<Member>

/** Stops at a point of the hand-over, as often as it is reached. */
const hangAt =
  (point: 'fenced' | 'end-txn'): Hang =>
  async (clock) => {
    const gate = deferred()
    letGo = () => gate.resolve()
    let [hasStarted, isReached] = [false, false]
    const signals = signalsAt(point, async () => {
      isReached = hasStarted
      if (hasStarted) await gate.promise
    })
    const member = await world.startWith([0, 1], { clock, handOverTimeoutMs: LIMIT_MS, signals })
    hasStarted = true
    world.produce(0, 'a')
    world.produce(1, 'b')
    await until(`the hand-over comes to ${point}`, () => isReached)
    return member
  }

const hangInProcessing: Hang = async (clock) => {
  const member = await world.startWith([0, 1], { clock, handOverTimeoutMs: LIMIT_MS })
  const gate = new WindowGate(member)
  letGo = () => gate.letAllGo()
  const { readsBegun } = member.database
  world.produce(0, 'a')
  world.produce(1, 'b')
  await until('a window', () => member.database.readsBegun > readsBegun)
  return member
}

describe.each([
  ['processing', hangInProcessing],
  ['a commit', hangAt('fenced')],
  ['publishing', hangAt('end-txn')],
])('where %s hangs, an owner whose task was assigned away', (_, hang) => {
  test('forgets it when the time is over that its successor waits, and nothing is lost or repeated', async () => {
    world = await ApplicationWorld.create()
    const clock = new ManualClock()
    const old = await hang(clock)
    old.assign(1)
    await turns(50)
    clock.advance(LIMIT_MS - 1)
    await turns(50)
    expect(old.instance.tasks).toEqual(['0_0', '0_1'])
    clock.advance(1)
    await world.owns(old, [1])
    expect(old.lines).toContainEqual(
      expect.objectContaining({
        message: LATE,
        fields: { tasks: ['0_0'], limitMs: LIMIT_MS },
      }),
    )
    const young = await world.start()
    young.assign(0)
    letGo()
    await world.owns(young, [0])
    world.produce(0, 'a')
    world.produce(1, 'b')
    await world.counted({ a: 2, b: 2 })
    await until('the output', () => ['a', 'b'].every((key) => world.published(key).length === 2))
    expect([world.published('a'), world.published('b')]).toEqual([
      [1, 2],
      [1, 2],
    ])
  })
})

test('a task that comes back is not taken out by the hand-over that came too late', async () => {
  const gate = deferred()
  letGo = () => gate.resolve()
  const { string, int64 } = serdes
  const builder = new StreamsBuilder()
  const hanging = builder.stream('in', { key: string, value: string }).processValues(
    async (record, context) => {
      if (record.key === 'b') await gate.promise
      await context.forward(record)
    },
    { name: 'hanging' },
  )
  hanging
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
    .to('out', { value: int64 })
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  const clock = new ManualClock()
  const member = await world.startWith([0, 1], { clock, handOverTimeoutMs: LIMIT_MS })
  world.produce(1, 'b')
  await turns(50)
  member.assign(1)
  await turns(50)
  clock.advance(LIMIT_MS)
  await world.owns(member, [1])
  expect(member.lines.map(({ message }) => message)).toContain(LATE)
  member.assign(0, 1)
  await world.owns(member, [0, 1])
  letGo()
  await world.counted({ b: 1 })
  await turns(50)
  expect(member.instance.tasks.toSorted()).toEqual(['0_0', '0_1'])
  world.produce(0, 'a')
  await world.counted({ a: 1, b: 1 })
})

test('a task that comes back is not released by the hand-over whose answer came too late', async () => {
  const gate = deferred()
  letGo = () => gate.resolve()
  world = await ApplicationWorld.create()
  const clock = new ManualClock()
  const member = await world.startWith([0, 1], { clock, handOverTimeoutMs: LIMIT_MS })
  world.kafka.answersWaitFor = gate.promise
  world.produce(0, 'a')
  await until('the output', () => world.published('a').length === 1)
  member.assign(1)
  await turns(50)
  clock.advance(LIMIT_MS)
  await world.owns(member, [1])
  member.assign(0, 1)
  await world.owns(member, [0, 1])
  letGo()
  await turns(100)
  expect(member.instance.tasks.toSorted()).toEqual(['0_0', '0_1'])
  expect(await world.row('0_0')).toMatchObject({
    epoch: 2n,
    instance: expect.any(String) as unknown,
    transactionalId: expect.any(String) as unknown,
  })
  world.produce(0, 'a')
  await world.counted({ a: 2 })
  await until('the output', () => world.published('a').length === 2)
  expect(world.published('a')).toEqual([1, 2])
})
