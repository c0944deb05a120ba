import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { OUTBOX } from '../../../src/commit/system-tables.ts'
import {
  CommitUnknownError,
  DatabaseUnreachableError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import { ProductionError, TransactionUnknownError } from '../../../src/errors/kafka-errors.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { rowsOf } from '../../support/memory-state.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

const isRecovering = ({ lines }: Member) =>
  lines.some(({ message }) => message.includes('claiming all tasks again'))
const publishedAll = (key: string, count: number) =>
  until(`${count} of ${key}`, () => world.published(key).length >= count)

describe('a commit whose outcome is unknown', () => {
  test.each([
    ['was durable', 'answer'],
    ['was rolled back', 'commit'],
  ] as const)('and that %s is neither lost nor repeated', async (_, at) => {
    const member = await world.startWith([0, 1])
    member.database.fail({ at, error: new CommitUnknownError() })
    world.produce(0, 'a')
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    await publishedAll('a', 2)
    expect(world.published('a')).toEqual([1, 2])
    expect((await world.row('0_0')).epoch).toBe(2n)
  })

  test('is followed by no other of the same epoch', async () => {
    const member = await world.startWith([0])
    const answer = deferred()
    const reads = deferred()
    member.database.fail({ at: 'commit', error: new CommitUnknownError(), when: answer.promise })
    world.produce(0, 'a')
    await until('the commit', () => member.database.last.length > 2)
    // The next round is in the middle of its reads when the answer comes.
    member.database.readsWaitFor = reads.promise
    const before = member.database.readsBegun
    world.produce(0, 'b')
    await until('the next round', () => member.database.readsBegun > before)
    answer.resolve()
    await until('the unknown outcome', () => isRecovering(member))
    reads.resolve()
    await until('the new claim', async () => (await world.row('0_0')).epoch > 1n)
    await until('b', async () => 'b' in (await world.counts()))
    expect(await world.counts()).toEqual({ a: 1, b: 1 })
  })

  test('is followed by no other when tasks are released', async () => {
    const member = await world.startWith([0, 1])
    const answer = deferred()
    member.database.fail({ at: 'commit', error: new CommitUnknownError(), when: answer.promise })
    world.produce(0, 'a')
    await until('the commit', () => member.database.last.length > 2)
    world.produce(0, 'b')
    await turns()
    member.assign(0)
    await turns()
    answer.resolve()
    await until('b', async () => 'b' in (await world.counts()))
    expect(await world.counts()).toEqual({ a: 1, b: 1 })
  })
})

describe('a task that is given up while nobody knows of its last commit', () => {
  test.each([
    ['was durable', 'answer'],
    ['was rolled back', 'commit'],
  ] as const)(
    'whether that %s, leaves what is to be published to its next owner',
    async (_, at) => {
      const member = await world.startWith([0, 1])
      const answer = deferred()
      const error = new CommitUnknownError()
      member.database.fail({ at, error, when: answer.promise })
      world.produce(0, 'a')
      await until('the commit', () => member.database.last.length > 2)
      member.assign(1)
      await turns()
      answer.resolve()
      await world.owns(member, [1])
      expect(await world.row('0_0')).toMatchObject({
        transactionalId: expect.any(String) as unknown,
      })
      await world.startWith([0])
      await publishedAll('a', 1)
      expect(world.published('a')).toEqual([1])
      expect(await world.counts()).toEqual({ a: 1 })
    },
  )
})

describe('a release whose outcome is unknown', () => {
  test('does not stop the application', async () => {
    const member = await world.startWith([0, 1])
    member.database.fail({ at: 'answer', error: new CommitUnknownError() })
    member.assign(1)
    await world.owns(member, [1])
    await turns(50)
    expect(member.failures).toEqual([])
  })
})

describe('a commit that was certainly rolled back', () => {
  test('is tried again under the same epoch', async () => {
    const member = await world.startWith([0])
    const error = new TransactionRolledBackError('deadlock')
    member.database.fail({ at: 'commit', error, times: 2 })
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    expect((await world.row('0_0')).epoch).toBe(1n)
  })
})

describe('a Kafka transaction whose outcome is unknown', () => {
  test.each([
    ['was committed', true],
    ['was aborted', false],
  ])('and that %s is neither lost nor repeated', async (_, committed) => {
    await world.startWith([0])
    world.kafka.faults.push({ error: new TransactionUnknownError('app'), committed })
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    world.produce(0, 'a')
    await publishedAll('a', 2)
    expect(world.published('a')).toEqual([1, 2])
  })

  test('is answered with a fresh id, after the old one is fenced', async () => {
    await world.startWith([0])
    const old = (await world.row('0_0')).transactionalId!
    world.kafka.faults.push({ error: new TransactionUnknownError('app'), committed: false })
    world.produce(0, 'a')
    await publishedAll('a', 1)
    const fresh = (await world.row('0_0')).transactionalId!
    expect(fresh).not.toBe(old)
    const { journal } = world.kafka
    expect(journal.indexOf(`fence ${old}`)).toBeGreaterThan(-1)
    expect(journal.indexOf(`commit ${fresh}`)).toBeGreaterThan(journal.indexOf(`fence ${old}`))
  })
})

describe('a record that the broker refuses', () => {
  const refuse = () =>
    world.kafka.faults.push({ error: new ProductionError('out', 'too large'), committed: false })

  test('stops the application, and what was promised stays in the outbox', async () => {
    const member = await world.startWith([0])
    refuse()
    world.produce(0, 'a')
    await until('the failure', () => member.failures.length > 0)
    await member.instance.stop({ commit: false })
    expect(member.failures).toMatchObject([{ code: 'PRODUCTION_REFUSED' }])
    expect(await rowsOf(world.database, OUTBOX)).toHaveLength(1)
    expect((await world.row('0_0')).transactionalId).not.toBeNull()
  })

  test('is published by the next start, once it is taken', async () => {
    const member = await world.startWith([0])
    refuse()
    world.produce(0, 'a')
    await until('the failure', () => member.failures.length > 0)
    await member.instance.stop({ commit: false })
    await world.startWith([0])
    await publishedAll('a', 1)
    expect(world.published('a')).toEqual([1])
  })
})

test('a takeover that failed publishes nothing when reads of it come late', async () => {
  const late = deferred()
  const member = await world.start()
  let outboxReads = 0
  member.database.onRead = async (table) => {
    if (table !== OUTBOX.name) return
    outboxReads++
    if (outboxReads === 1) await late.promise
    if (outboxReads === 2) throw new DatabaseUnreachableError('toy', 'the connection broke')
  }
  world.produce(0, 'a')
  world.produce(1, 'b')
  member.assign(0, 1)
  await Promise.all([publishedAll('a', 1), publishedAll('b', 1)])
  await turns(50)
  const told = [...world.kafka.offsets]
  late.resolve()
  await turns(100)
  expect([...world.kafka.offsets]).toEqual(told)
})
