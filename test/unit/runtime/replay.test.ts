import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { readPositions } from '../../../src/commit/positions.ts'
import { CATALOGUE, OFFSETS, OUTBOX } from '../../../src/commit/system-tables.ts'
import { TransactionRolledBackError } from '../../../src/errors/database-errors.ts'
import { TransactionUnknownError } from '../../../src/errors/kafka-errors.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import type { Fault } from '../../support/faulty-database.ts'
import { rowsOf } from '../../support/memory-state.ts'
import { turns, until } from '../../support/turns.ts'

/** Passes the keys of `in` on to `out`, each with the number of times that anybody has looked at it. */
function passingOn(looks: Map<string, number>, topics: string[] = ['in']) {
  const { string } = serdes
  const builder = new StreamsBuilder()
  builder
    .stream(topics, { key: string, value: string })
    .map((key) => {
      looks.set(key, (looks.get(key) ?? 0) + 1)
      return [key, `${key} ${looks.get(key)}`]
    })
    .to('out', { key: string, value: string })
  return builder.build().forApplication('app')
}

const looks = new Map<string, number>()
let world: ApplicationWorld
beforeEach(async () => {
  looks.clear()
  world = await ApplicationWorld.create(passingOn(looks))
})
afterEach(async () => {
  jest.useRealTimers()
  await world.close()
})

const seen = () => [0, 1].flatMap((partition) => world.kafka.values('out', partition))
const keysSeen = () => seen().map((value) => value.split(' ')[0])
const seesAll = (count: number) => until(`${count} records`, () => seen().length >= count)
const fail = (committed: boolean) =>
  world.kafka.faults.push({ error: new TransactionUnknownError('id'), committed })
/** A database that a member can claim in, and not commit. */
const noPositions: Fault = {
  at: 'statement',
  on: { method: 'upsertMany', table: OFFSETS.name },
  error: new TransactionRolledBackError('slow'),
  times: 99,
}
/** As the catalogue says to who wants other topics all the same. */
const forgetTopics = () =>
  world.database.transaction((transaction) =>
    transaction.deleteMany(CATALOGUE, { prefix: [], keys: [['subtopology', '0']] }),
  )
const position = () => positionOf('in')
const positionOf = async (topic: string) =>
  (await readPositions(world.database, '0_0')).find((one) => one.topic === topic)?.nextOffset
const recordOf = (topic: string, key: string): OutgoingRecord => {
  const [bytes, value] = [Buffer.from(key), Buffer.from('x')]
  return { topic, partition: 0, timestamp: 0, key: bytes, value, headers: NO_HEADERS }
}

describe('a task without state', () => {
  test('promises no bytes, only that something follows from its input', async () => {
    await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('the transaction', () => world.kafka.hanging > 0)
    const rows = await rowsOf(world.database, OUTBOX)
    expect(rows.map((row) => (row[4] as Uint8Array).length)).toEqual([1])
  })

  test('makes again what was not committed', async () => {
    await world.startWith([0])
    fail(false)
    world.produce(0, 'a')
    await seesAll(1)
    expect(seen()).toEqual(['a 2'])
    world.produce(0, 'b')
    await seesAll(2)
    expect(keysSeen()).toEqual(['a', 'b'])
  })

  test('does not repeat what was committed without an answer', async () => {
    await world.startWith([0])
    fail(true)
    world.produce(0, 'a')
    await until('the new claim', async () => (await world.row('0_0')).epoch > 1n)
    world.produce(0, 'b')
    await seesAll(2)
    expect(seen()).toEqual(['a 1', 'b 1'])
  })

  test('makes it again as often as it takes, also after the successor has said so in Kafka', async () => {
    await world.startWith([0])
    world.produce(0, 'a')
    await seesAll(1)
    fail(false)
    world.produce(0, 'b')
    await until('b again', () => (looks.get('b') ?? 0) > 1 || seen().length > 1)
    await seesAll(2)
    for (let i = 0; i < 3; i++) fail(false)
    world.produce(0, 'c')
    await seesAll(3)
    expect(keysSeen()).toEqual(['a', 'b', 'c'])
  })

  test('is made again by who takes it over from an owner that died before EndTxn', async () => {
    await world.startWith([0])
    world.produce(0, 'a')
    await seesAll(1)
    world.kafka.isHanging = true
    world.produce(0, 'b')
    await until('the transaction', () => world.kafka.hanging > 0)
    await until('its commit', async () => (await position()) === 2n)
    world.kafka.isHanging = false
    await world.startWith([0])
    world.kafka.letGo()
    world.produce(0, 'c')
    await seesAll(3)
    expect(keysSeen()).toEqual(['a', 'b', 'c'])
  })

  test('resumes where Kafka is, although its marker counts as published, until a commit has written new positions', async () => {
    const first = await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('its commit', async () => (await position()) === 1n)
    world.kafka.isHanging = false
    // The second says in Kafka where it begins, and dies before it has committed anything.
    const second = await world.start()
    second.database.fail(noPositions)
    second.assign(0)
    await world.owns(second, [0])
    await until('the progress', () => world.kafka.offsets.get('in-0')?.metadata === 'rowstream:1')
    expect(world.kafka.offsets.get('in-0')?.offset).toBe(0n)
    expect(await position()).toBe(1n)
    await world.startWith([0])
    await seesAll(1)
    await turns(20)
    expect(keysSeen()).toEqual(['a'])
    expect(first.failures).toEqual([])
  })

  test('writes where it is although nothing comes, and the marker goes with it', async () => {
    await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('its commit', async () => (await position()) === 1n)
    world.kafka.isHanging = false
    const second = await world.start()
    second.consumer.isSilent = true
    second.assign(0)
    await until('the position', async () => (await position()) === 0n)
    expect(await rowsOf(world.database, OUTBOX)).toEqual([])
  })

  test('is not released before that', async () => {
    const first = await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('its commit', async () => (await position()) === 1n)
    world.kafka.isHanging = false
    first.assign()
    const second = await world.start({ taskTimeoutMs: 50 })
    second.consumer.isSilent = true
    second.database.fail(noPositions)
    second.assign(0)
    await world.owns(second, [0])
    await second.instance.stop({ commit: false })
    await world.startWith([0])
    await seesAll(1)
    expect(keysSeen()).toEqual(['a'])
  })

  test('stops when Kafka no longer knows where it was', async () => {
    await world.startWith([0])
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await until('its commit', async () => (await position()) === 1n)
    world.kafka.isHanging = false
    world.kafka.offsets.clear()
    await expect(world.startWith([0])).rejects.toMatchObject({ code: 'RELAY_PROGRESS_LOST' })
  })

  test('stores its records after all where the broker has refused one that may be left out', async () => {
    const options = { onError: { production: () => 'skip' as const } }
    world.kafka.refuses = ({ key }) => key?.toString() === 'b'
    const member = await world.startWith([0], options)
    world.produce(0, 'a', 'b', 'c')
    await seesAll(2)
    world.produce(0, 'd')
    await seesAll(3)
    expect(keysSeen()).toEqual(['a', 'c', 'd'])
    expect(member.failures).toEqual([])
  })

  test('leaves the position of a topic that its successor does not read where Kafka has it', async () => {
    await world.close()
    const more = { topic: 'more', partition: 0 }
    world = await ApplicationWorld.create(passingOn(looks, ['in', 'more']))
    const first = await world.start()
    first.consumer.assign([{ topic: 'in', partition: 0 }, more])
    await world.owns(first, [0])
    world.kafka.isHanging = true
    world.kafka.append([recordOf('more', 'a')])
    await until('its commit', async () => (await positionOf('more')) === 1n)
    first.consumer.assign([])
    world.kafka.isHanging = false
    await forgetTopics()
    const without = await world.upgraded(passingOn(looks))
    const second = await without.startWith([0])
    await until('the position', async () => (await positionOf('more')) === 0n)
    await second.instance.stop({ commit: true })
    await forgetTopics()
    const again = await without.upgraded(passingOn(looks, ['in', 'more']))
    const third = await again.start()
    third.consumer.assign([{ topic: 'in', partition: 0 }, more])
    await seesAll(1)
    expect(keysSeen()).toEqual(['a'])
    await third.instance.stop({ commit: true })
  })

  test('begins where Kafka is told that it begins, whatever Kafka said before', async () => {
    world.kafka.offsets.set('in-0', { offset: 1n, metadata: 'rowstream:0' })
    world.produce(0, 'a')
    await world.startWith([0])
    expect(world.kafka.offsets.get('in-0')?.offset).toBe(0n)
    await seesAll(1)
  })
})
