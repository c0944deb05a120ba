import { afterEach, expect, test } from '@jest/globals'
import { readPositions } from '../../../src/commit/positions.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { turns, until } from '../../support/turns.ts'

const text = { key: serdes.string, value: serdes.string }
const place = { topic: 'in', partition: 0 }
let world: ApplicationWorld
afterEach(() => world.close())

async function positionAfterUnseen(define: (builder: StreamsBuilder) => void) {
  const builder = new StreamsBuilder()
  define(builder)
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  const { consumer } = await world.startWith([0])
  consumer.deliverUnseen(place, 5n)
  return async () => (await readPositions(world.database, '0_0'))[0]?.nextOffset
}

test('the end of a transaction moves a global table on: others wait for it to reach the end of its topic', async () => {
  const position = await positionAfterUnseen((builder) => {
    builder.globalTable('in', { ...text, store: 'rows' })
  })
  await until('the position', async () => (await position()) === 5n)
})

test('elsewhere it waits for the next record', async () => {
  const position = await positionAfterUnseen((builder) => {
    builder.stream('in', text).to('out', text)
  })
  await turns(100)
  expect(await position()).not.toBe(5n)
})
