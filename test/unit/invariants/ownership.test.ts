import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { OUTBOX } from '../../../src/commit/system-tables.ts'
import { CommitUnknownError } from '../../../src/errors/database-errors.ts'
import { ProducerFencedError } from '../../../src/errors/kafka-errors.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { RunnableTopology } from '../../../src/topology/runnable-topology.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { NO_BOUNDS, rowsOf } from '../../support/memory-state.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(async () => {
  jest.useRealTimers()
  await world.close()
})

const third = { instance: 'third', bounds: NO_BOUNDS }
const outbox = () => rowsOf(world.database, OUTBOX)

describe('the id in a claim row is the only one under which an undecided transaction can hold batches', () => {
  test('an owner that stops in the middle is fenced, and what it sent is published once', async () => {
    const old = await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('the transaction', () => world.kafka.hanging === 1)
    world.kafka.isHanging = false
    await old.consumer.stop()
    await world.startWith([0])
    await until('the output', () => world.published('a').length > 0)
    world.kafka.letGo()
    await turns(50)
    expect(world.published('a')).toEqual([1])
  })

  test('a row names no id that was not initialised', async () => {
    await world.startWith([0, 1])
    for (const taskId of ['0_0', '0_1'] as const)
      expect(world.kafka.epochs.has((await world.row(taskId)).transactionalId!)).toBe(true)
  })

  test('a takeover that dies before it stores its id leaves the id that is to be fenced', async () => {
    await world.startWith([0])
    const id = (await world.row('0_0')).transactionalId
    await claim(world.database, ['0_0'], third)
    await claim(world.database, ['0_0'], third)
    expect((await world.row('0_0')).transactionalId).toBe(id)
  })

  test('a task is released only when nothing of it is unpublished', async () => {
    const member = await world.startWith([0, 1])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('the transaction', () => world.kafka.hanging === 1)
    member.assign(1)
    await turns(50)
    expect((await world.row('0_0')).transactionalId).not.toBeNull()
    expect(await outbox()).toHaveLength(1)
  })

  test('a release deletes the outbox rows of the task', async () => {
    const member = await world.startWith([0, 1])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 1)
    member.assign(1)
    await until('the release', async () => (await world.row('0_0')).instance === null)
    expect(await outbox()).toEqual([])
  })
})

describe('a cached value belongs to one task and epoch and dies with it', () => {
  test('what another owner has written is read after the task came back', async () => {
    const member = await world.startWith([0, 1])
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    member.assign(1)
    await world.owns(member, [1])
    const other = await world.startWith([0])
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    await other.instance.stop({ commit: true })
    member.assign(0, 1)
    await world.owns(member, [0, 1])
    world.produce(0, 'a')
    await world.counted({ a: 3 })
  })

  test('the windows of a task that another owner had meanwhile are those of one run', async () => {
    await world.close()
    world = await ApplicationWorld.create(windowedCounts())
    const member = await world.startWith([0, 1])
    produceAt(5, 5)
    await until('the first window', async () => (await windows()) === '0: 2')
    member.assign(1)
    await world.owns(member, [1])
    const other = await world.startWith([0])
    produceAt(5, 15)
    await until('the next window', async () => (await windows()) === '0: 3, 10: 1')
    await other.consumer.stop()
    member.assign(0, 1)
    await world.owns(member, [0, 1])
    produceAt(5, 15)
    await until('both windows', async () => (await windows()) === '0: 4, 10: 2')
  })

  test('what was not durable is forgotten when the task is claimed anew', async () => {
    const member = await world.startWith([0])
    member.database.fail({ at: 'commit', error: new CommitUnknownError() })
    world.produce(0, 'a')
    await until('the new claim', async () => (await world.row('0_0')).epoch === 2n)
    await world.counted({ a: 1 })
    expect(world.published('a').length).toBeLessThanOrEqual(1)
  })
})

describe('a task that is not ours any more is not processed', () => {
  /** What shows when a task is processed. */
  const processed = ({ instance, consumer }: Member) => [
    instance.tasks,
    consumer.fetchedFrom.length,
  ]

  test('after it was released', async () => {
    const member = await world.startWith([0, 1])
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    member.assign(1)
    await until('the release', async () => (await world.row('0_0')).instance === null)
    const before = [processed(member), member.database.transactions.length]
    await member.late(0, 'a')
    expect([processed(member), member.database.transactions.length]).toEqual(before)
  })

  test('after it was fenced', async () => {
    const member = await world.startWith([0, 1])
    await claim(world.database, ['0_0'], third)
    world.produce(0, 'a')
    await until('the fence', () => !member.instance.tasks.includes('0_0'))
    await turns(20)
    const before = member.database.transactions.length
    await member.late(0, 'a')
    expect(member.database.transactions).toHaveLength(before)
  })
})

describe('a producer that is fenced and a commit whose outcome is unknown are treated alike', () => {
  test.each(['producer', 'commit'])(
    '%s: all tasks are claimed again, with a fresh id',
    async (what) => {
      const member = await world.startWith([0, 1])
      const old = (await world.row('0_1')).transactionalId
      if (what === 'commit') member.database.fail({ at: 'answer', error: new CommitUnknownError() })
      else world.kafka.faults.push({ error: new ProducerFencedError('app'), committed: false })
      world.produce(0, 'a')
      await until('the new claim', async () => (await world.row('0_1')).epoch === 2n)
      await until('the fresh id', async () => (await world.row('0_1')).transactionalId !== old)
      expect(world.kafka.journal).toContain(`fence ${old}`)
      await until('the output', () => world.published('a').length === 1)
    },
  )

  test('a task that has a newer owner is dropped, the others are not', async () => {
    const member = await world.startWith([0, 1])
    await claim(world.database, ['0_0'], third)
    member.database.fail({ at: 'answer', error: new CommitUnknownError() })
    world.produce(1, 'b')
    await until('the new claim', async () => (await world.row('0_1')).epoch === 2n)
    await world.counted({ b: 1 })
  })

  test('only rows with the epoch that was held are claimed again', async () => {
    const member = await world.startWith([0, 1], {
      handOverTimeoutMs: 1e8,
      others: ['third'],
    })
    await claim(world.database, ['0_0'], third)
    member.database.fail({ at: 'answer', error: new CommitUnknownError() })
    world.produce(1, 'b')
    await until('the new claim', async () => (await world.row('0_1')).epoch === 2n)
    await turns(50)
    // Whoever claimed it has not been given a moment to process it: it is asked to let go first.
    expect(await world.row('0_0')).toMatchObject({ epoch: 2n, instance: 'third' })
    member.assign(1)
  })

  test('an idle owner notices that it was fenced', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date'] })
    const member = await world.startWith([0, 1])
    await claim(world.database, ['0_0'], third)
    await turns(50)
    expect(member.instance.tasks).toContain('0_0')
    await jest.advanceTimersByTimeAsync(3_000)
    await until('the notice', () => !member.instance.tasks.includes('0_0'))
    expect(member.instance.tasks).toEqual(['0_1'])
  })
})

function windowedCounts(): RunnableTopology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .groupByKey()
    .windowedBy(TimeWindows.of({ sizeMs: 10, graceMs: 1_000 }))
    .count({ store: 'counts', cache: false })
  return builder.build().forApplication('app')
}

/** Records of one key in partition 0. */
function produceAt(...timestamps: number[]): void {
  const record = { topic: 'in', partition: 0, key: Buffer.from('a'), value: Buffer.from('x') }
  world.kafka.append(timestamps.map((timestamp) => ({ ...record, timestamp, headers: NO_HEADERS })))
}

/** The count of each window of that key, by its start. */
async function windows(): Promise<string> {
  const rows = await rowsOf(world.database, { name: 'counts', columns: [], key: [] })
  return rows.map(([, , start, , count]) => `${Number(start)}: ${Number(count)}`).join(', ')
}
