import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { OUTBOX } from '../../../src/commit/system-tables.ts'
import { TransactionUnknownError } from '../../../src/errors/kafka-errors.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { rowsOf } from '../../support/memory-state.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

const outbox = () => rowsOf(world.database, OUTBOX)

describe('where to resume is read from the database, never from Kafka’s committed offsets', () => {
  test.each([0n, 2n])('not even when Kafka says %d', async (offset) => {
    const old = await world.startWith([0])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 1)
    await old.instance.stop({ commit: true })
    const { metadata } = world.kafka.offsets.get('in-0')!
    world.kafka.offsets.set('in-0', { offset, metadata })
    world.produce(0, 'a', 'a')
    const young = await world.startWith([0])
    expect(young.consumer.fetchedFrom).toEqual(['in-0@1'])
    await world.counted({ a: 3 })
  })
})

describe('the relay’s progress', () => {
  test('is written once, with sequence 0, before a task’s first outbox row', async () => {
    world.kafka.isHanging = true
    const member = await world.start()
    world.produce(0, 'a')
    member.assign(0)
    await until('the transaction', () => world.kafka.hanging === 1)
    await turns(50)
    expect(await outbox()).toEqual([])
    world.kafka.isHanging = false
    world.kafka.letGo()
    await until('the output', () => world.published('a').length === 1)
  })

  test('comes with every batch, for all source partitions of its task', async () => {
    await world.startWith([0])
    for (let i = 1; i <= 3; i++) {
      world.produce(0, 'a')
      await until('the output', () => world.published('a').length === i)
      expect(world.kafka.offsets.get('in-0')).toEqual({
        offset: BigInt(i),
        metadata: `rowstream:${i}`,
      })
    }
  })
})

describe('an outbox batch is deleted only once its Kafka transaction is known to be committed', () => {
  test('not while it is under way', async () => {
    await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('the transaction', () => world.kafka.hanging === 1)
    world.produce(0, 'b')
    await world.counted({ a: 1 })
    await turns(50)
    expect(await outbox()).toHaveLength(1)
    // The next commit waits for it: its own records are to be sent while the database works.
    await world.counted({ a: 1 })
    world.kafka.isHanging = false
    world.kafka.letGo()
    await world.counted({ a: 1, b: 1 })
  })

  test('not when its outcome is unknown, until progress says so', async () => {
    await world.startWith([0])
    const error = new TransactionUnknownError('app')
    world.kafka.faults.push({ error, committed: true })
    world.produce(0, 'a')
    await until('the recovery', async () => (await world.row('0_0')).epoch === 2n)
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 2)
    expect(world.published('a')).toEqual([1, 2])
    await until('the deletion', async () => (await outbox()).length === 0, 1e6)
  })

  test('then by the next commit of its task', async () => {
    await world.startWith([0])
    world.produce(0, 'a')
    await until('the output', () => world.published('a').length === 1)
    world.produce(0, 'a')
    await until('the deletion', async () =>
      (await outbox()).every(([, sequence]) => sequence !== 1n),
    )
  })
})
