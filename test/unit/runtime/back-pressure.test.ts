import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ApplicationWorld } from '../../support/application-world.ts'
import { turns, until } from '../../support/turns.ts'
import { WindowGate } from '../../support/window-gate.ts'

/** The engine's bound, and what a task decodes, and reads the rows of, at once. */
const QUEUE_RECORDS_MAX = 50_000
const WINDOW_RECORDS = 4_096
const WINDOWS_TO_HALF = Math.ceil(QUEUE_RECORDS_MAX / 2 / WINDOW_RECORDS)

let world: ApplicationWorld
let gate: WindowGate | undefined
beforeEach(async () => void (world = await ApplicationWorld.create()))
afterEach(async () => {
  gate?.letAllGo()
  await world.close()
})

/** No two alike, so that each window has to read. */
const keys = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('back-pressure', () => {
  test('pauses a partition at the bound and resumes it at half of it', async () => {
    const member = await world.startWith([0])
    const { throttled } = member.consumer
    throttled.length = 0
    gate = new WindowGate(member)
    world.produce(0, ...keys(QUEUE_RECORDS_MAX - 1))
    await until('the first window', () => member.database.readsBegun > 0)
    await turns(50)
    expect(throttled).toEqual([])
    world.produce(0, 'last')
    await until('the pause', () => throttled.length > 0)
    expect(throttled).toEqual(['pause in-0'])

    for (let window = 1; window < WINDOWS_TO_HALF; window++) await gate.pass()
    expect(throttled).toEqual(['pause in-0'])
    await gate.pass()
    await until('the resumption', () => throttled.length > 1)
    expect(throttled).toEqual(['pause in-0', 'resume in-0'])
    gate.letAllGo()
  })

  test('leaves the other partitions alone, and loses nothing', async () => {
    const member = await world.startWith([0, 1])
    member.consumer.throttled.length = 0
    gate = new WindowGate(member)
    world.produce(0, ...keys(QUEUE_RECORDS_MAX))
    world.produce(1, 'other')
    await until('the pause', () => member.consumer.throttled.length > 0)
    world.produce(0, 'late')
    await turns(50)
    gate.letAllGo()
    await until('late', () => world.published('late').length === 1)
    expect(member.consumer.throttled).toEqual(['pause in-0', 'resume in-0'])
    expect(Object.keys(await world.counts())).toHaveLength(QUEUE_RECORDS_MAX + 2)
  })
})
