import { afterEach, describe, expect, test } from '@jest/globals'
import { ApplicationWorld } from '../../support/application-world.ts'
import { turns, until } from '../../support/turns.ts'

let world: ApplicationWorld
afterEach(() => world.close())

describe('ownership', () => {
  test('of what was assigned is claimed, with an id of one’s own in the rows', async () => {
    world = await ApplicationWorld.create()
    await world.startWith([0, 1])
    const row = await world.row('0_0')
    expect(row.epoch).toBe(1n)
    expect(row.transactionalId).toMatch(/^app-[0-9a-f]{16}-1$/)
  })

  test('processing begins where the database says', async () => {
    world = await ApplicationWorld.create()
    world.produce(0, 'a', 'a', 'b')
    await world.startWith([0])
    await world.counted({ a: 2, b: 1 })
    expect(world.published('a')).toEqual([1, 2])
  })

  test('of a task that moved is released: nothing is left to fence', async () => {
    world = await ApplicationWorld.create()
    world.produce(0, 'a')
    const member = await world.startWith([0, 1])
    await world.counted({ a: 1 })
    member.assign(1)
    await world.owns(member, [1])
    await until('the release', async () => (await world.row('0_0')).instance === null)
    expect(await world.row('0_0')).toMatchObject({ transactionalId: null })
    expect(await world.row('0_1')).toMatchObject({ epoch: 1n })
  })

  test('passes to a new member, who goes on where the old one stopped', async () => {
    world = await ApplicationWorld.create()
    world.produce(0, 'a')
    const old = await world.startWith([0, 1])
    await world.counted({ a: 1 })
    old.assign(1)
    const young = await world.startWith([0])
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    await until('the output', () => world.published('a').length === 2)
    expect(world.published('a')).toEqual([1, 2])
    expect(young.consumer.fetchedFrom).toEqual(['in-0@1'])
  })

  test('is not waited for by a static member that comes back: it held the tasks itself', async () => {
    world = await ApplicationWorld.create()
    const options = { groupInstanceId: 'one', others: ['one'], handOverTimeoutMs: 1e8 }
    const before = await world.startWith([0], options)
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    await before.consumer.stop()
    const after = await world.startWith([0], options)
    expect(await world.row('0_0')).toMatchObject({ epoch: 2n, instance: 'one' })
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    expect(after.consumer.fetchedFrom).toEqual(['in-0@1'])
  })

  test('of tasks that stay goes on at once where fetching was', async () => {
    world = await ApplicationWorld.create()
    world.produce(0, 'a', 'a')
    const member = await world.startWith([0, 1])
    await world.counted({ a: 2 })
    member.assign(0)
    expect(member.consumer.fetchedFrom.at(-1)).toBe('in-0@2')
    expect(await world.row('0_0')).toMatchObject({ epoch: 1n })
  })

  test('of tasks that stay is not claimed again, and their caches live on', async () => {
    world = await ApplicationWorld.create()
    const member = await world.startWith([0, 1])
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    const { readsBegun } = member.database
    member.assign(0)
    world.produce(0, 'a')
    await world.counted({ a: 2 })
    expect(member.database.readsBegun).toBe(readsBegun)
    expect(await world.row('0_0')).toMatchObject({ epoch: 1n })
  })

  test('after an assignment that changes nothing hears of the next', async () => {
    world = await ApplicationWorld.create()
    const member = await world.startWith([0])
    member.assign(0)
    await turns()
    member.assign(0, 1)
    await until('the second task', () => member.instance.tasks.length === 2, 500)
  })

  test('is told to the group’s leader', async () => {
    world = await ApplicationWorld.create()
    const member = await world.startWith([1])
    expect(member.consumer.metadata.owned).toEqual(['0_1'])
    expect(Object.keys(member.consumer.metadata.topology!)).toEqual(['0'])
  })

  test('is given up when the application closes: committed, published, released', async () => {
    world = await ApplicationWorld.create()
    const member = await world.startWith([0])
    world.produce(0, 'a')
    await until('the delivery', () => member.consumer.fetchedFrom.length > 0)
    await turns()
    await member.instance.stop({ commit: true })
    expect(await world.counts()).toEqual({ a: 1 })
    expect(world.published('a')).toEqual([1])
    expect(await world.row('0_0')).toMatchObject({ transactionalId: null, instance: null })
  })
})
