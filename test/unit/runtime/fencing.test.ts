import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { CommitUnknownError } from '../../../src/errors/database-errors.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { EagerClock } from '../../support/manual-clock.ts'
import { NO_BOUNDS } from '../../support/memory-state.ts'
import { signalsAt } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(async () => {
  jest.useRealTimers()
  await world.close()
})

const third = { instance: 'third', bounds: NO_BOUNDS }
/** Time-outs stand still; everything else goes on. */
const holdTimers = () =>
  jest.useFakeTimers({ now: 0, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })

describe('a task that another instance has claimed', () => {
  test('is dropped by its old owner at the next commit, and nothing is repeated', async () => {
    const old = await world.startWith([0, 1])
    await world.startWith([0])
    world.produce(0, 'a', 'a')
    await world.counted({ a: 2 })
    await until('the fence', () => !old.instance.tasks.includes('0_0'))
    await until('the output', () => world.published('a').length >= 2)
    await turns(50)
    expect(world.published('a')).toEqual([1, 2])
  })

  test('does not take the other tasks of its old owner with it', async () => {
    const old = await world.startWith([0, 1])
    await claim(world.database, ['0_0'], third)
    world.produce(0, 'a')
    world.produce(1, 'b')
    await world.counted({ b: 1 })
    expect(old.instance.tasks).toEqual(['0_1'])
    expect((await world.row('0_1')).epoch).toBe(1n)
  })

  test('and that is still assigned is claimed again after a pause', async () => {
    holdTimers()
    const clock = new EagerClock()
    const member = await world.startWith([0], { clock })
    await claim(world.database, ['0_0'], third)
    world.produce(0, 'a')
    await until('the fence', () => member.instance.tasks.length === 0)
    await turns(50)
    expect(member.instance.tasks).toEqual([])
    clock.advance(1_000)
    jest.advanceTimersByTime(1_000)
    await world.counted({ a: 1 })
  })

  test('may have lost the records that its old owner still reads: they are its new owner’s', async () => {
    const old = await world.startWith([0, 1])
    await claim(world.database, ['0_0'], third)
    old.consumer.deliverOutOfRange({ topic: 'in', partition: 0 })
    await until('the fence', () => !old.instance.tasks.includes('0_0'))
    expect(old.instance.tasks).toEqual(['0_1'])
    expect(old.failures).toEqual([])
    old.consumer.deliverOutOfRange({ topic: 'in', partition: 0 })
    await turns(50)
    expect(old.failures).toEqual([])
  })

  test('is not claimed again before that, whatever else happens', async () => {
    holdTimers()
    const member = await world.startWith([0, 1], { clock: new EagerClock() })
    await claim(world.database, ['0_0'], third)
    world.produce(0, 'a')
    await until('the fence', () => !member.instance.tasks.includes('0_0'))
    member.database.fail({ at: 'answer', error: new CommitUnknownError() })
    world.produce(1, 'b')
    await until('the recovery', async () => (await world.row('0_1')).epoch === 2n)
    await turns(50)
    expect(await world.row('0_0')).toMatchObject({ epoch: 2n, instance: 'third' })
  })

  test.each([
    ['rounds down', 999],
    ['was set back', -3_600_000],
  ])('is claimed again also where the clock %s', async (_, ms) => {
    holdTimers()
    const clock = new EagerClock()
    const member = await world.startWith([0], { clock })
    await claim(world.database, ['0_0'], third)
    world.produce(0, 'a')
    await until('the fence', () => member.instance.tasks.length === 0)
    clock.advance(ms)
    jest.advanceTimersByTime(1_000)
    await turns(50)
    jest.advanceTimersByTime(60_000)
    await until('the claim', () => member.instance.tasks.length === 1, 500)
  })
})

describe('a takeover', () => {
  test('initialises its id, fences the predecessor, then reads the progress', async () => {
    const old = await world.startWith([0])
    const predecessor = (await world.row('0_0')).transactionalId!
    await old.consumer.stop()
    world.kafka.journal.length = 0
    await world.startWith([0])
    const own = (await world.row('0_0')).transactionalId!
    expect(world.kafka.journal).toEqual([`init ${own}`, `fence ${predecessor}`, 'offsets'])
  })

  test('processes nothing before its progress is written and what was left is published', async () => {
    world.kafka.isHanging = true
    const member = await world.start()
    world.produce(0, 'a')
    member.assign(0)
    await until('the hanging transaction', () => world.kafka.hanging === 1)
    await turns(50)
    expect(await world.counts()).toEqual({})
    expect(member.consumer.fetchedFrom).toEqual([])
  })

  test('publishes what its predecessor committed and did not publish, once', async () => {
    const old = await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    await until('the hanging transaction', () => world.kafka.hanging === 1)
    world.kafka.isHanging = false
    await old.consumer.stop()
    await world.startWith([0])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length >= 2)
    expect(world.published('a')).toEqual([1, 2])
  })

  test('that is overtaken while it reads makes no error of what does not fit together', async () => {
    const old = await world.startWith([0])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 1)
    await old.instance.stop({ commit: true })
    const reads = deferred()
    const signals = signalsAt(
      'claimed',
      async () => void (slow.database.readsWaitFor = reads.promise),
    )
    const slow: Member = await world.start({ signals })
    world.kafka.journal.length = 0
    slow.assign(0)
    await until('the progress', () => world.kafka.journal.includes('offsets'))
    // The row is read later, and says more than the progress that was read.
    const other = await world.startWith([0])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 2)
    await other.instance.stop({ commit: true })
    reads.resolve()
    await turns(100)
    expect(slow.failures).toEqual([])
  })

  test('that is overtaken while it reads starts nothing, though all it read is fine', async () => {
    const old = await world.startWith([0])
    await old.instance.stop({ commit: true })
    const reads = deferred()
    const signals = signalsAt(
      'claimed',
      async () => void (slow.database.readsWaitFor = reads.promise),
    )
    const slow: Member = await world.start({ signals })
    slow.assign(0)
    await until('the claim', async () => (await world.row('0_0')).epoch === 2n)
    await claim(world.database, ['0_0'], third)
    reads.resolve()
    await turns(100)
    expect(slow.consumer.fetchedFrom).toEqual([])
    expect(slow.instance.tasks).toEqual([])
  })

  test('in the other mode publishes what its predecessor promised', async () => {
    const old = await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    await until('the hanging transaction', () => world.kafka.hanging === 1)
    world.kafka.isHanging = false
    await old.consumer.stop()
    await world.startWith([0], { processingGuarantee: 'at_least_once' })
    await until('the output', () => world.published('a').length > 0)
    expect(world.published('a')).toEqual([1])
  })

  test('that finds no progress while the outbox has rows stops', async () => {
    const old = await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    await until('the hanging transaction', () => world.kafka.hanging === 1)
    world.kafka.isHanging = false
    world.kafka.offsets.clear()
    await old.consumer.stop()
    const member = await world.start()
    member.assign(0)
    await until('the stop', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'RELAY_PROGRESS_LOST', taskId: '0_0' }])
  })
})

test('records that are gone before their owner has read them stop it', async () => {
  const member = await world.startWith([0])
  member.consumer.deliverOutOfRange({ topic: 'in', partition: 0 })
  await until('the failure', () => member.failures.length > 0)
  expect(member.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
})
