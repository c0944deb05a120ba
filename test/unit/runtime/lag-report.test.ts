import { metrics } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LagMeter } from '../../integrity/worker/lag-meter.mjs'
import { ApplicationWorld } from '../../support/application-world.ts'
import { until } from '../../support/turns.ts'

let meter: LagMeter
let world: ApplicationWorld
beforeEach(async () => {
  meter = new LagMeter()
  world = await ApplicationWorld.create()
})
afterEach(async () => {
  await world.close()
  metrics.disable()
})

test('the lag is what is not processed yet of the tasks that an instance has', async () => {
  const member = await world.startWith([0, 1], { isPaused: true })
  expect(meter.read()).toBe(0)
  world.produce(0, 'a', 'b', 'c')
  world.produce(1, 'd')
  await until('four records wait', () => meter.read() === 4)
  member.assign(1)
  await world.owns(member, [1])
  await until('one record waits', () => meter.read() === 1)
  member.isPaused = false
  member.instance.resume()
  await until('nothing waits', () => meter.read() === 0)
})

test('nothing is told of an instance that has stopped', async () => {
  const member = await world.startWith([0], { isPaused: true })
  world.produce(0, 'a')
  await until('it waits', () => meter.read() === 1)
  await member.instance.stop({ commit: false })
  expect([meter.asked, meter.read()]).toEqual([0, 0])
})
