import { afterEach, describe, expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KStream } from '../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import { EagerClock } from '../../support/manual-clock.ts'
import { NO_BOUNDS } from '../../support/memory-state.ts'
import { until } from '../../support/turns.ts'

const TEXTS = { key: serdes.string, value: serdes.string }
const PUNCTUATION_MS = 1_000

let world: ApplicationWorld
afterEach(() => world.close())

let wasCalled = false
/** As a function whose own rows say more than its record. */
function fail(): never {
  wasCalled = true
  throw new TypeError('this was here before')
}

type Failing = (stream: KStream<string, string, string, string>) => void

/** Where a function of the user is called: with a record, by a commit, by the clock. */
const PLACES: Readonly<Record<string, Failing>> = {
  'a record is processed': (stream) => void stream.mapValues(fail).to('out', TEXTS),
  'a commit brings changes out of a cache': (stream) =>
    void stream.groupByKey().count({ store: 'counts' }).toStream().mapValues(fail).to('out', TEXTS),
  'the clock makes a punctuation due': (stream) =>
    void stream
      .process<string, string>({
        get: () => ({
          init: (context) => void context.schedule(PUNCTUATION_MS, 'wall-clock', fail),
          process: () => undefined,
        }),
      })
      .to('out', TEXTS),
}

async function start(failing: Failing, clock: EagerClock): Promise<Member> {
  wasCalled = false
  const builder = new StreamsBuilder()
  failing(builder.stream('in', TEXTS))
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  return world.startWith([0], { clock })
}

describe.each(Object.entries(PLACES))('a function that throws when %s', (_, failing) => {
  const clock = new EagerClock()
  const call = () => {
    world.produce(0, 'a')
    clock.advance(PUNCTUATION_MS)
  }

  test('stops the owner of the task', async () => {
    const member = await start(failing, clock)
    call()
    await until('the failure', () => member.failures.length > 0)
    expect(member.failures).toMatchObject([{ code: 'PROCESSING_FAILED' }])
  })

  test('has said nothing where the task has another owner: it is forgotten, and the instance goes on', async () => {
    const member = await start(failing, clock)
    await claim(world.database, ['0_0'], { instance: 'another', bounds: NO_BOUNDS })
    call()
    await until('the fence', () => wasCalled && member.instance.tasks.length === 0)
    expect(member.failures).toEqual([])
    expect(await world.row('0_0')).toMatchObject({ epoch: 2n, instance: 'another' })
  })
})
