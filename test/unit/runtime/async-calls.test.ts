import { afterEach, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { CommitUnknownError } from '../../../src/errors/database-errors.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { EagerClock } from '../../support/manual-clock.ts'
import { turns, until } from '../../support/turns.ts'

const { string, int64 } = serdes
let world: ApplicationWorld | undefined
afterEach(async () => {
  jest.useRealTimers()
  await world?.close()
  world = undefined
})

/** Counts keys below calls that a test answers. */
function createWorld(call: () => Promise<unknown>, concurrency: number): Promise<ApplicationWorld> {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .mapValuesAsync(async (value) => (await call(), value), { concurrency, ordering: 'key' })
    .groupByKey({ value: string })
    .count({ store: 'counts', cache: false })
    .toStream()
    .to('out', { value: int64 })
  return ApplicationWorld.create(builder.build().forApplication('app'))
}

test('nothing is committed of a record whose result is not there', async () => {
  const answer = deferred()
  let calls = 0
  world = await createWorld(() => (++calls, calls === 2 ? answer.promise : turns(1)), 10)
  await world.startWith([0])
  world.produce(0, 'a', 'b', 'c')
  await until('three calls', () => calls === 3)
  await turns(100)
  expect(await world.counts()).toEqual({})
  answer.resolve()
  await world.counted({ a: 1, b: 1, c: 1 })
})

test('no more records are taken than may be under way', async () => {
  const answer = deferred()
  let calls = 0
  world = await createWorld(() => (++calls, answer.promise), 3)
  await world.startWith([0])
  world.produce(0, 'a', 'b', 'c', 'd', 'e')
  await until('three calls', () => calls === 3)
  await turns(100)
  expect(calls).toBe(3)
  answer.resolve()
  await world.counted({ a: 1, b: 1, c: 1, d: 1, e: 1 })
})

test('an owner that waits for a call lets go of its task when it is fenced, and calls no more', async () => {
  jest.useFakeTimers({ now: 0, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  const never = deferred()
  let calls = 0
  world = await createWorld(() => (++calls === 1 ? never.promise : turns(1)), 10)
  const old = await world.startWith([0], { clock: new EagerClock() })
  // The second waits behind the first.
  world.produce(0, 'a', 'a')
  await until('the call', () => calls === 1)
  const next = await world.start({ clock: new EagerClock() })
  next.assign(0)
  await world.counted({ a: 2 })
  // Housekeeping looks at the epochs.
  jest.advanceTimersByTime(3_000)
  await until('letting go', () => old.instance.tasks.length === 0)
  expect(world.published('a')).toEqual([1, 2])
  never.resolve()
  await turns(10)
  expect(calls).toBe(3)
})

test('each record is counted once, whenever calls come back and whoever dies', async () => {
  const step = fc.record({
    keys: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }),
    delays: fc.array(fc.nat({ max: 10 }), { minLength: 1, maxLength: 5 }),
    turns: fc.nat({ max: 30 }),
    end: fc.constantFrom('none', 'crash', 'unknown'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      let calls = 0
      let delays: readonly number[] = [0]
      const own = await createWorld(() => turns(delays[calls++ % delays.length]), 4)
      let member = await own.startWith([0])
      const expected: Record<string, number> = {}
      for (const { keys, end, ...next } of steps) {
        delays = next.delays
        for (const key of keys) expected[key] = (expected[key] ?? 0) + 1
        own.produce(0, ...keys)
        if (end === 'unknown')
          member.database.fail({ at: 'answer', error: new CommitUnknownError() })
        await turns(next.turns)
        if (end !== 'crash') continue
        await member.instance.stop({ commit: false })
        member = await own.startWith([0])
      }
      const sorted = Object.fromEntries(Object.entries(expected).toSorted())
      await own.counted(sorted)
      for (const [key, count] of Object.entries(expected)) {
        await until('the output', () => own.published(key).length >= count)
        expect(own.published(key)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
      }
      await own.close()
    }),
    { numRuns: 60 },
  )
}, 60_000)
