import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { DatabaseFailedError } from '../../../src/errors/database-errors.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

/** A member whose commit of `a` will fail as soon as the answer is given, with `b` behind it. */
async function startFailing() {
  const member = await world.startWith([0])
  const answer = deferred()
  const error = new DatabaseFailedError('no right')
  member.database.fail({ at: 'commit', error, when: answer.promise })
  world.produce(0, 'a')
  await until('the commit', () => member.database.last.length > 2)
  return { member, fail: () => answer.resolve() }
}

/** The next member counts both, from where the last commit was. */
async function goesOnWithBoth() {
  await world.startWith([0])
  await world.counted({ a: 1, b: 1 })
  expect([world.published('a'), world.published('b')]).toEqual([[1], [1]])
}

describe('a commit that failed for good is followed by no other', () => {
  test('while the member goes on', async () => {
    const { member, fail } = await startFailing()
    world.produce(0, 'b')
    await turns(50)
    fail()
    await until('the failure', () => member.failures.length > 0)
    world.produce(0, 'b')
    await turns(100)
    expect(await world.counts()).toEqual({})
  })

  test('when the member closes in order', async () => {
    const { member, fail } = await startFailing()
    world.produce(0, 'b')
    await turns(50)
    const stopped = member.instance.stop({ commit: true })
    await turns(50)
    fail()
    await stopped
    await goesOnWithBoth()
  })
})

test('a record that failed is not committed half when its member closes', async () => {
  await world.close()
  const builder = new StreamsBuilder()
  const counted = builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
  const isPoison = deferred()
  counted.process(async () => {
    await isPoison.promise
  })
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  const member = await world.startWith([0])
  world.produce(0, 'a')
  await turns(50)
  const stopped = member.instance.stop({ commit: true })
  isPoison.reject(new TypeError('poison'))
  await stopped
  expect(await world.counts()).toEqual({})
})
