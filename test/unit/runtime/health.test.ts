import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { CommitUnknownError } from '../../../src/errors/database-errors.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { healthOf } from '../../../src/runtime/health.ts'
import { RelayHolder } from '../../../src/runtime/relay-holder.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred, type Deferred } from '../../support/deferred.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { signalsAt, silentTelemetry } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'

const LIMIT_MS = 60_000
const SERDES = { key: serdes.string, value: serdes.string }

let world: ApplicationWorld
let clock: ManualClock
let hung: Deferred
beforeEach(async () => {
  world = await ApplicationWorld.create()
  clock = new ManualClock()
  hung = deferred()
})
afterEach(async () => {
  hung.resolve()
  await world.close()
})

/** What is stuck when the time has come to the limit, and a millisecond later. */
function atLimit({ instance }: { instance: { stuck(limitMs: number): string[] } }): string[][] {
  clock.advance(LIMIT_MS)
  const before = instance.stuck(LIMIT_MS)
  clock.advance(1)
  return [before, instance.stuck(LIMIT_MS)]
}

const stuck = (what: string) => [[], [`${what} has not moved for ${LIMIT_MS + 1} ms`]]

/** An application whose handler waits for each record's turn. */
async function startHandling() {
  await world.close()
  const handled: Deferred[] = []
  const builder = new StreamsBuilder()
  builder.stream('in', SERDES).process(async () => {
    handled.push(deferred())
    await Promise.race([handled.at(-1)!.promise, hung.promise])
  })
  world = await ApplicationWorld.create(builder.build().forApplication('app'))
  return { member: await world.startWith([0], { clock }), handled }
}

describe('stuck is', () => {
  test('a handler that hangs, until it goes on', async () => {
    const { member, handled } = await startHandling()
    world.produce(0, 'a')
    await until('the record', () => handled.length === 1)
    expect(atLimit(member)).toEqual(stuck('processing'))
    handled[0]!.resolve()
    await turns(50)
    expect(member.instance.stuck(LIMIT_MS)).toEqual([])
  })

  test('a read of the database that hangs', async () => {
    const member = await world.startWith([0], { clock })
    member.database.readsWaitFor = hung.promise
    const { readsBegun } = member.database
    world.produce(0, 'a')
    await until('the read', () => member.database.readsBegun > readsBegun)
    expect(atLimit(member)).toEqual(stuck('processing'))
  })

  test('a commit that hangs, although nothing else waits', async () => {
    let hasBegun = false
    const signals = signalsAt('fenced', () => {
      hasBegun = true
      return hung.promise
    })
    const member = await world.startWith([0], { clock, signals })
    world.produce(0, 'a')
    await until('the commit', () => hasBegun)
    await turns(50)
    expect(atLimit(member)).toEqual(stuck('a commit'))
  })

  test('a Kafka transaction that does not end', async () => {
    const member = await world.startWith([0], { clock })
    world.kafka.isHanging = true
    world.produce(0, 'a')
    await world.counted({ a: 1 })
    await turns(50)
    expect(atLimit(member)).toEqual(stuck('publishing'))
  })

  test('a takeover that hangs; a new assignment is a new beginning', async () => {
    const member = await world.start({ clock })
    member.database.readsWaitFor = hung.promise
    clock.advance(LIMIT_MS)
    member.assign(0)
    await turns(50)
    clock.advance(LIMIT_MS)
    member.assign(0, 1)
    expect(atLimit(member)).toEqual(stuck('a takeover'))
  })
})

test('publishing is stuck however much is added to it', async () => {
  const callbacks = { onFailed: () => undefined, onPublished: () => undefined }
  const telemetry = silentTelemetry({ clock })
  const relays = new RelayHolder({
    ...{ kafka: world.kafka, applicationId: 'app', member: () => undefined, telemetry },
    ...callbacks,
  })
  await relays.transactionalId()
  world.kafka.isHanging = true
  const since = clock.now()
  for (const sequence of [1n, 2n]) {
    relays.enqueue([{ taskId: '0_0', sequence, rows: [], positions: [], records: [] }])
    clock.advance(1_000)
  }
  expect(relays.busySince).toBe(since)
  await relays.giveUp()
})

describe('not stuck is', () => {
  test('a takeover that has just begun, long after the assignment', async () => {
    const member = await world.startWith([0], { clock })
    clock.advance(2 * LIMIT_MS)
    const when = async () => void (member.database.readsWaitFor = hung.promise)
    member.database.fail({ at: 'answer', error: new CommitUnknownError(), when })
    world.produce(0, 'a')
    await until('the takeover', () => member.database.readsWaitFor !== undefined)
    await turns(50)
    expect(atLimit(member)).toEqual(stuck('a takeover'))
  })

  test('what has nothing to do, nor the first record after that', async () => {
    const { member, handled } = await startHandling()
    await turns(50)
    expect(atLimit(member)).toEqual([[], []])
    world.produce(0, 'a')
    await until('the record', () => handled.length === 1)
    expect(member.instance.stuck(LIMIT_MS)).toEqual([])
  })

  test('a handler that is slow, but comes along', async () => {
    const { member, handled } = await startHandling()
    world.produce(0, 'a', 'b', 'c')
    for (let record = 1; record <= 3; record++) {
      await until('the record', () => handled.length === record)
      clock.advance(LIMIT_MS - 1)
      expect(member.instance.stuck(LIMIT_MS)).toEqual([])
      handled.at(-1)!.resolve()
    }
  })

  test('a pause in which records wait', async () => {
    const member = await world.startWith([0], { clock, isPaused: true })
    world.produce(0, 'a')
    await turns(50)
    expect(atLimit(member)).toEqual([[], []])
  })

  test('a task that waits for a global table, which another instance fills', async () => {
    await world.close()
    const builder = new StreamsBuilder()
    const table = builder.globalTable('more', { ...SERDES, store: 'names' })
    builder.stream('in', SERDES).join(
      table,
      (key) => key,
      (value, name) => value + name,
    )
    world = await ApplicationWorld.create(builder.build().forApplication('app'))
    const bytes = Buffer.from('a')
    const record = { topic: 'more', partition: 0, timestamp: 0, key: bytes, value: bytes }
    world.kafka.append([{ ...record, headers: NO_HEADERS }])
    const member = await world.start({ clock })
    member.consumer.assign([{ topic: 'in', partition: 0 }])
    await until('the task', () => member.settled > 0 && member.instance.tasks.length > 0)
    world.produce(0, 'a')
    await turns(50)
    expect(atLimit(member)).toEqual([[], []])
  })
})

describe('health', () => {
  test.each([
    ['created', false, true],
    ['starting', false, true],
    ['rebalancing', false, true],
    ['running', true, true],
    ['stopping', false, true],
    ['stopped', false, true],
    ['failed', false, false],
  ] as const)('of what is %s: ready %s, live %s', (state, isReady, isLive) => {
    const reasons = isReady ? [] : [`the application is ${state}`]
    expect(healthOf(state, [])).toEqual({ isReady, isLive, reasons })
  })

  test('of what is stuck is neither, and says why', () => {
    const reasons = ['a commit has not moved for 60001 ms']
    expect(healthOf('running', reasons)).toEqual({ isReady: false, isLive: false, reasons })
  })
})
