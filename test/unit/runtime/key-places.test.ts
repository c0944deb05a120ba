import { afterEach, expect, test } from '@jest/globals'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { until } from '../../support/turns.ts'

let world: ApplicationWorld
afterEach(() => world.close())

const keys = Array.from({ length: 30 }, (_, at) => `k${at}`)
const inPlace = (partition: number) =>
  keys.filter((key) => partitionOf(Buffer.from(key), 2) === partition)

const told = ({ lines }: Member) =>
  lines.filter(({ message }) => message.startsWith('a key is not in the partition'))

test('a key that another partitioner has put elsewhere is told of, once', async () => {
  world = await ApplicationWorld.create()
  const member = await world.startWith([0])
  world.produce(0, ...inPlace(0), ...inPlace(1))
  await until('all is processed', () => member.instance.isCaughtUp())
  expect(told(member)).toMatchObject([
    {
      level: 'warn',
      fields: { topic: 'in', partition: 0, expected: 1, offset: String(inPlace(0).length) },
    },
  ])
})

test('keys that are where Java puts them are not', async () => {
  world = await ApplicationWorld.create()
  const member = await world.startWith([0, 1])
  for (const partition of [0, 1]) world.produce(partition, ...inPlace(partition))
  await until('all is processed', () => member.instance.isCaughtUp())
  expect(told(member)).toEqual([])
})

test('where nothing is kept by key, places do not matter', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .to('out', { value: serdes.string })
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  const member = await world.startWith([0])
  world.produce(0, ...keys)
  await until('all is processed', () => member.instance.isCaughtUp())
  expect(told(member)).toEqual([])
})

test('of a windowed key its times do not count', async () => {
  const key = serdes.timeWindowed(serdes.string, 10)
  const builder = new StreamsBuilder()
  builder.table('in', { key, value: serdes.string, store: 'counts' })
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  const member = await world.startWith([1])
  const bytes = inPlace(1).map((name, at) => key.serialize({ key: name, start: at, end: at + 10 }))
  world.produce(1, ...bytes.map((one) => Buffer.from(one).toString()))
  await until('all is processed', () => member.instance.isCaughtUp())
  expect(told(member)).toEqual([])
})
