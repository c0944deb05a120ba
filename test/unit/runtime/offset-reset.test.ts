import { afterEach, describe, expect, test } from '@jest/globals'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { systemClock } from '../../../src/telemetry/clock.ts'
import type { OffsetReset } from '../../../src/topology/runnable-topology.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { until } from '../../support/turns.ts'

let world: ApplicationWorld
afterEach(() => world.close())

function countFrom(offsetReset: OffsetReset) {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string, offsetReset })
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
    .to('out', { value: serdes.int64 })
  return builder.build().forApplication('app')
}

function produceAt(timestamp: number, key: string): void {
  const [name, value] = [Buffer.from(key), Buffer.from('x')]
  world.kafka.append([
    { topic: 'in', partition: 0, timestamp, key: name, value, headers: NO_HEADERS },
  ])
}

describe('a source without a stored offset', () => {
  test.each([
    ['earliest', { new: 1, old: 1 }],
    ['latest', { new: 1 }],
  ] as const)('begins at the %s record', async (offsetReset, counts) => {
    world = await ApplicationWorld.create(countFrom(offsetReset))
    world.produce(0, 'old')
    await world.startWith([0])
    world.produce(0, 'new')
    await world.counted(counts)
  })

  test.each([
    [100, { new: 1, young: 1 }],
    [99, { new: 1 }],
    [2_000, { new: 1, old: 1, young: 1 }],
  ] as const)('begins with the first record of the last %s ms', async (byDurationMs, counts) => {
    world = await ApplicationWorld.create(countFrom({ byDurationMs }))
    produceAt(0, 'old')
    produceAt(900, 'young')
    await world.startWith([0], { clock: { ...systemClock, now: () => 1_000 } })
    produceAt(1_000, 'new')
    await world.counted(counts)
  })

  test('stops the application, by name, where none is wanted', async () => {
    world = await ApplicationWorld.create(countFrom('none'))
    const member = await world.start()
    member.assign(0)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'CONFIGURATION_INVALID' }])
    expect(member.failures[0]!.message).toContain("in-0 and its offsetReset is 'none'")
  })

  test('cannot begin at a duration that is none', () => {
    for (const byDurationMs of [-1, 0.5, Number.NaN])
      expect(() => countFrom({ byDurationMs })).toThrow(
        `has to be whole milliseconds, not ${byDurationMs}`,
      )
  })
})
