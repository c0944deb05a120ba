import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { formatTopicPartition } from '../../../src/model/topic-partition.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld, countTopology, type Member } from '../../support/application-world.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

/** Two records of `in-0` are counted, then the owner dies. */
async function countTwo(): Promise<void> {
  const old = await world.startWith([0])
  world.produce(0, 'a', 'a')
  await until('the output', () => world.published('a').length === 2)
  await old.consumer.stop()
}

function retainFrom(offset: bigint): void {
  world.kafka.starts.set('in-0', offset)
}

function isTold({ lines, reset }: Member, stored: string, taken: string): void {
  const place = { topic: 'in', partition: 0 }
  const told = lines.filter(({ message }) => message.startsWith('a stored offset is outside'))
  expect(told).toMatchObject([{ level: 'warn', fields: { ...place, stored, taken } }])
  expect(reset).toEqual([{ value: 1, attributes: place }])
}

describe('a stored offset below the log', () => {
  beforeEach(async () => {
    await countTwo()
    world.produce(0, 'lost', 'kept')
    retainFrom(3n)
  })

  test('stops the application unless told otherwise', async () => {
    const member = await world.start()
    member.assign(0)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
    expect(member.failures[0]!.message).toContain('offset 2 of in-0 is outside its log 3..4')
    expect(member.reset).toEqual([])
  })

  test.each([
    ['earliest', '3', { a: 2, kept: 1, new: 1 }],
    ['latest', '4', { a: 2, new: 1 }],
  ] as const)('goes on at the %s one, and says so', async (onOffsetOutOfRange, taken, counts) => {
    const member = await world.startWith([0], { onOffsetOutOfRange })
    world.produce(0, 'new')
    await world.counted(counts)
    isTold(member, '2', taken)
  })

  test('is stored anew with the next commit: the owner after that goes on from there', async () => {
    const member = await world.startWith([0], { onOffsetOutOfRange: 'earliest' })
    await world.counted({ a: 2, kept: 1 })
    await member.instance.stop({ commit: true })
    const next = await world.startWith([0])
    world.produce(0, 'new')
    await world.counted({ a: 2, kept: 1, new: 1 })
    expect(next.reset).toEqual([])
  })
})

describe('a stored offset above the log', () => {
  beforeEach(async () => {
    await countTwo()
    world.kafka.log({ topic: 'in', partition: 0 }).length = 1
  })

  test('stops the application unless told otherwise', async () => {
    const member = await world.start()
    member.assign(0)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
  })

  test.each([
    ['earliest', '0', { a: 3, new: 1 }],
    ['latest', '1', { a: 2, new: 1 }],
  ] as const)('goes on at the %s one, and says so', async (onOffsetOutOfRange, taken, counts) => {
    const member = await world.startWith([0], { onOffsetOutOfRange })
    world.produce(0, 'new')
    await world.counted(counts)
    isTold(member, '2', taken)
  })
})

describe('records that are gone before their owner has read them', () => {
  test.each([
    ['earliest', '2', { kept: 1, new: 1, x: 1 }],
    ['latest', '3', { new: 1, x: 1 }],
  ] as const)('are passed by going on at the %s one', async (onOffsetOutOfRange, taken, counts) => {
    const member = await world.startWith([0], { onOffsetOutOfRange })
    world.produce(0, 'x')
    await world.counted({ x: 1 })
    member.consumer.isSilent = true
    world.produce(0, 'lost', 'kept')
    retainFrom(2n)
    member.consumer.deliverOutOfRange({ topic: 'in', partition: 0 })
    await until('the jump', () => member.reset.length > 0)
    member.consumer.isSilent = false
    world.produce(0, 'new')
    await world.counted(counts)
    isTold(member, '1', taken)
  })

  test('do not move who has stored an offset that is there', async () => {
    const member = await world.startWith([0], { onOffsetOutOfRange: 'latest' })
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    member.consumer.deliverOutOfRange({ topic: 'in', partition: 0 })
    await turns(50)
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    expect(member.reset).toEqual([])
  })
})

describe.each(['earliest', 'latest'] as const)('with %s too', (onOffsetOutOfRange) => {
  test('a topic of the same name that was made again stops the application', async () => {
    world.kafka.topicIds.set('in', 'first')
    world = await world.upgraded(countTopology())
    await countTwo()
    world.kafka.topicIds.set('in', 'second')
    const next = await world.upgraded(countTopology())
    const member = await next.start({ onOffsetOutOfRange })
    member.assign(0)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
    await next.close()
  })

  test('a topic that is made again while the application runs stops who takes a task over', async () => {
    world.kafka.topicIds.set('in', 'first')
    world = await world.upgraded(countTopology())
    const [old, member] = [await world.startWith([0]), await world.start({ onOffsetOutOfRange })]
    world.produce(0, 'a', 'a')
    await world.counted({ a: 2 })
    await old.consumer.stop()
    world.kafka.topicIds.set('in', 'second')
    member.assign(0)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
  })

  test('an internal topic that lacks what was promised stops the application', async () => {
    world = await ApplicationWorld.create(repartitioned())
    const [old, member] = [await world.start(), await world.start({ onOffsetOutOfRange })]
    old.consumer.assign([{ topic: 'in', partition: 0 }, ...INTERNAL])
    await until('processing', () => old.settled > 0)
    world.produce(0, 'd')
    await until('the output', () => world.published('d').length > 0)
    await old.consumer.stop()
    for (const one of INTERNAL) world.kafka.starts.set(formatTopicPartition(one), 9n)
    member.consumer.assign(INTERNAL)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'OFFSET_OUT_OF_RANGE' }])
  })
})

const INTERNAL = [0, 1].map((partition) => ({ topic: 'app-words-repartition', partition }))

function repartitioned() {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .groupBy((key) => key, { name: 'words' })
    .count({ store: 'words' })
    .toStream()
    .to('out', { value: serdes.int64 })
  return builder.build().forApplication('app')
}
