import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { OUTBOX } from '../../../src/commit/system-tables.ts'
import {
  CommitUnknownError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { rowsOf } from '../../support/memory-state.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

describe('the engine', () => {
  test('processes the next records while a commit is under way', async () => {
    const member = await world.startWith([0])
    const answer = deferred()
    const error = new TransactionRolledBackError('late')
    member.database.fail({ at: 'commit', error, when: answer.promise })
    world.produce(0, 'a')
    await until('the commit', () => member.database.last.length > 2)
    const before = member.database.readsBegun
    world.produce(0, 'b')
    await until('reads of the next records', () => member.database.readsBegun > before)
    expect(await world.counts()).toEqual({})
    answer.resolve()
    await world.counted({ a: 1, b: 1 })
  })

  test('commits one unit after the other', async () => {
    const member = await world.startWith([0])
    const answer = deferred()
    const error = new TransactionRolledBackError('late')
    member.database.fail({ at: 'commit', error, when: answer.promise })
    world.produce(0, 'a')
    await until('the commit', () => member.database.last.length > 2)
    const before = member.database.transactions.length
    world.produce(0, 'b')
    await turns(50)
    expect(member.database.transactions).toHaveLength(before)
    answer.resolve()
    await world.counted({ a: 1, b: 1 })
  })

  test('commits larger units the more waits: at most half of it, and all at the end', async () => {
    const member = await world.startWith([0], {
      clock: new ManualClock(),
      commitIntervalMsMax: 1_000,
    })
    const before = member.database.transactions.length
    world.produce(0, ...Array.from({ length: 10_000 }, () => 'a'))
    await world.counted({ a: 10_000 })
    const commits = member.database.transactions.slice(before)
    // Rounds of 2,000: 6,000 with 4,000 behind them, then what is left once the first commit is over.
    expect(commits.length).toBeGreaterThanOrEqual(2)
    expect(commits.length).toBeLessThanOrEqual(3)
  })

  test('lets tasks go between two rounds, never in the middle of one', async () => {
    const member = await world.startWith([0, 1])
    const reads = deferred()
    member.database.readsWaitFor = reads.promise
    const before = member.database.readsBegun
    world.produce(0, 'a')
    await until('the round', () => member.database.readsBegun > before)
    member.assign(1)
    await turns(50)
    expect((await world.row('0_0')).instance).not.toBeNull()
    expect(member.instance.tasks).toContain('0_0')
    reads.resolve()
    await until('the release', async () => (await world.row('0_0')).instance === null)
    expect(await world.counts()).toEqual({ a: 1 })
  })

  test('sees its own writes before they are committed', async () => {
    const member = await world.startWith([0])
    const answer = deferred()
    const error = new TransactionRolledBackError('late')
    member.database.fail({ at: 'commit', error, when: answer.promise })
    world.produce(0, 'a')
    await until('the commit', () => member.database.last.length > 2)
    world.produce(0, 'a')
    await turns(50)
    answer.resolve()
    await world.counted({ a: 2 })
  })

  test('deletes the published rows of an idle task', async () => {
    await world.startWith([0])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 1)
    await until(
      'the deletion',
      async () => (await rowsOf(world.database, OUTBOX)).length === 0,
      1e6,
    )
  })

  test('deletes them also while another task is busy', async () => {
    const clock = new ManualClock()
    await world.startWith([0, 1], { clock, commitIntervalMsMax: 50 })
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 1)
    for (let i = 1; i <= 20; i++) {
      world.produce(1, 'b')
      await until('the output', () => world.published('b').length === i)
      clock.advance(10)
    }
    const tasks = (await rowsOf(world.database, OUTBOX)).map(([task]) => task)
    expect(tasks).not.toContain('0_0')
  })

  test('stops for what nobody expected, and says so once', async () => {
    const member = await world.startWith([0])
    member.database.readsWaitFor = Promise.reject(new CommitUnknownError())
    world.produce(0, 'a')
    await until('the failure', () => member.failures.length > 0)
    await turns(20)
    expect(member.failures).toHaveLength(1)
    member.database.readsWaitFor = undefined
  })
})
