import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { TransactionRolledBackError } from '../../../src/errors/database-errors.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred } from '../../support/deferred.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(() => world.close())

describe('reads inside a task see its own uncommitted writes; every other reader sees committed rows only', () => {
  test('the task counts on what it has not committed, and nobody else sees it', async () => {
    const member = await world.startWith([0])
    const answer = deferred()
    const error = new TransactionRolledBackError('late')
    member.database.fail({ at: 'commit', error, when: answer.promise })
    world.produce(0, 'a')
    await until('the commit', () => member.database.last.length > 2)
    world.produce(0, 'a', 'a')
    await turns(50)
    expect(await world.counts()).toEqual({})
    answer.resolve()
    await world.counted({ a: 3 })
    await until('the output', () => world.published('a').length === 3)
    expect(world.published('a')).toEqual([1, 2, 3])
  })
})

describe('nothing is dropped silently', () => {
  const produceBad = (parts: { readonly key: Buffer | null; readonly value: Buffer | null }) =>
    world.kafka.append([{ topic: 'in', partition: 0, timestamp: 0, headers: [], ...parts }])

  test.each([
    ['null key', { key: null, value: Buffer.from('x') }],
    ['null value', { key: Buffer.from('k'), value: null }],
    ['poison', { key: Buffer.from([0xff]), value: Buffer.from('x') }],
  ])('a record with %s is logged with topic, partition and offset', async (_, parts) => {
    const member = await world.startWith([0], { onError: { deserialization: 'skip' } })
    world.produce(0, 'a')
    produceBad(parts)
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    const lines = member.lines.filter(({ fields }) => fields?.['offset'] === 1n)
    expect(lines).toMatchObject([{ level: 'warn', fields: { topic: 'in', partition: 0 } }])
  })
})
