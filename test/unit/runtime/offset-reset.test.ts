import { afterEach, describe, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
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

  test('stops the application, by name, where none is wanted', async () => {
    world = await ApplicationWorld.create(countFrom('none'))
    const member = await world.start()
    member.assign(0)
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'CONFIGURATION_INVALID' }])
    expect(member.failures[0]!.message).toContain("in-0 and its offsetReset is 'none'")
  })
})
