import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import { memoryKafka, type MemoryKafkaAdapter } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import type { UncaughtErrorHandler } from '../../../src/runtime/uncaught-error.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { systemClock, type Clock } from '../../../src/telemetry/clock.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { until } from '../../support/turns.ts'

const SERDES = { key: serdes.string, value: serdes.string }
const { logger } = recordingLogger()

let adapter: MemoryKafkaAdapter
let database: DatabaseAdapter
let kafka: Kafka
/** How often the function still throws for a poisoned record. */
let throwsLeft: number
const apps: Streams[] = []
/** Waits that were asked for. */
let waits: number[]
const clock: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => {
    waits.push(ms)
    return systemClock.sleep(ms, signal)
  },
}

beforeEach(async () => {
  adapter = memoryKafka()
  database = memory()
  throwsLeft = Infinity
  waits = []
  kafka = await adapter.open({ clientId: 'test', logger })
  await kafka.createTopics(['in', 'out'].map((topic) => ({ topic, partitions: 2 })))
})
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

/** Counts keys, and throws for those that are poisoned. */
async function start(onUncaughtError?: UncaughtErrorHandler): Promise<Streams> {
  const builder = new StreamsBuilder()
  builder
    .stream('in', SERDES)
    .filter((_, value) => {
      if (value === 'poison' && throwsLeft-- > 0) throw new TypeError('poison')
      return true
    })
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
    .to('out', { value: serdes.int64 })
  const app = new Streams(builder.build(), {
    ...{ applicationId: 'app', kafka: adapter, database, logger, clock, sessionTimeoutMs: 60_000 },
    ...(onUncaughtError && { onUncaughtError }),
  })
  apps.push(app)
  await app.start()
  return app
}

async function produce(partition: number, value: string): Promise<void> {
  const record = { topic: 'in', partition, timestamp: 0, headers: NO_HEADERS }
  await kafka.produce([{ ...record, key: Buffer.from('k'), value: Buffer.from(value) }])
}

async function counts(): Promise<number[]> {
  const reader = await database.open({ schema: 'app', logger })
  const table = { name: 'counts', columns: [], key: ['partition', 'key'] }
  return (await reader.range(table, { prefix: [] })).map((row) => Number(row[2]))
}

/** Two instances with a task each. */
async function startTwo(onUncaughtError?: UncaughtErrorHandler): Promise<[Streams, Streams]> {
  const [one, other] = [await start(onUncaughtError), await start(onUncaughtError)]
  await until('sharing', () => [one, other].every(({ tasks }) => tasks.length === 1))
  return one.tasks[0] === '0_0' ? [one, other] : [other, one]
}

const hasFailed = (app: Streams) => until('the failure', () => app.state === 'failed')

describe('an error that nobody catches', () => {
  test('stops its instance where nothing else is said; another one takes its tasks over', async () => {
    const [one, other] = await startTwo()
    throwsLeft = 1
    await produce(0, 'poison')
    await hasFailed(one)
    await until('the takeover', () => other.tasks.length === 2)
    await other.caughtUp()
    expect(await counts()).toEqual([1])
  })

  test('replaces the worker: it goes on from what is committed, and nothing is counted twice', async () => {
    const asked: string[] = []
    const app = await start(({ code }) => {
      asked.push(code)
      return 'replace-worker'
    })
    await produce(0, 'good')
    await app.caughtUp()
    const heard: string[] = []
    app.on('state', (state) => void heard.push(state))
    throwsLeft = 2
    await produce(0, 'good')
    await produce(0, 'poison')
    await until('both replacements', () => asked.length === 2)
    await until('running', () => app.state === 'running')
    await app.caughtUp()
    expect(await counts()).toEqual([3])
    expect(asked).toEqual(['PROCESSING_FAILED', 'PROCESSING_FAILED'])
    expect(heard).not.toContain('failed')
  })

  test('replaces a worker that fails again and again less and less often', async () => {
    const app = await start(() => 'replace-worker')
    throwsLeft = 5
    await produce(0, 'poison')
    const isLast = () => throwsLeft <= 0 && app.state === 'running'
    await until('the last worker', isLast, 10_000_000)
    await app.caughtUp()
    expect(waits.filter((ms) => [10, 20, 40, 80, 160].includes(ms))).toEqual([10, 20, 40, 80, 160])
    expect(await counts()).toEqual([1])
  })

  test('stops all instances: one with its error, the others saying that they were told', async () => {
    const [one, other] = await startTwo(() => 'stop-application')
    const errors: unknown[] = []
    for (const app of [one, other]) app.on('state', (_, error) => void errors.push(error?.code))
    await produce(1, 'good')
    await produce(0, 'poison')
    await Promise.all([hasFailed(one), hasFailed(other)])
    const codes = errors.filter((code) => code !== undefined)
    expect(codes.toSorted()).toEqual(['APPLICATION_STOPPED', 'PROCESSING_FAILED'])
    expect(await counts()).toEqual([1])
  })

  test.each<[string, UncaughtErrorHandler]>([
    [
      'throws',
      () => {
        throw new TypeError('a mistake')
      },
    ],
    ['says something else', () => 'whatever' as never],
  ])('stops its instance where the handler %s', async (_, handler) => {
    const app = await start(handler)
    await produce(0, 'poison')
    await hasFailed(app)
  })

  test('in an instance that is closed while its worker is replaced opens nothing', async () => {
    let isAsked = false
    const app = await start(() => {
      isAsked = true
      return 'replace-worker'
    })
    await produce(0, 'poison')
    await until('the question', () => isAsked)
    await app.close()
    expect(app.state).toBe('stopped')
    expect(app.tasks).toEqual([])
  })
})

describe('closing', () => {
  test.each([
    [true, 2],
    [false, 1],
  ])('with leaveGroup %s leaves the other %i tasks', async (leaveGroup, tasks) => {
    const [one, other] = await startTwo()
    await one.close({ leaveGroup })
    await produce(1, 'good')
    await other.caughtUp()
    await until('the tasks', () => other.tasks.length === tasks)
    expect(other.tasks).toHaveLength(tasks)
  })
})
