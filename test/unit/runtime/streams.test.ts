import { afterEach, describe, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { StreamsState } from '../../../src/runtime/lifecycle.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import type { StreamsOptions } from '../../../src/runtime/streams-options.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { deferred } from '../../support/deferred.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { recordingLogger, signalsAt, type LogLine } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'

const RUNNING: StreamsState[] = ['starting', 'rebalancing', 'running']

function topology() {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .mapValues((value) => {
      if (value === 'poison') throw new TypeError('poison')
      return value
    })
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .to('out', { value: serdes.int64 })
  return builder.build()
}

/** An application on a broker and a database in memory, and what it said. */
class World {
  readonly adapter = memoryKafka()
  readonly app: Streams
  readonly states: StreamsState[] = []
  readonly errors: StreamsError[] = []
  readonly lines: LogLine[]
  #kafka: Kafka | undefined

  constructor(options: Partial<StreamsOptions> = {}) {
    const { logger, lines } = recordingLogger()
    this.lines = lines
    const walls = { kafka: this.adapter, database: memory() }
    this.app = new Streams(topology(), { applicationId: 'app', ...walls, logger, ...options })
    this.app.on('state', (state, error) => {
      this.states.push(state)
      if (error) this.errors.push(error)
    })
  }

  async kafka(): Promise<Kafka> {
    this.#kafka ??= await this.adapter.open({ clientId: 'test', logger: recordingLogger().logger })
    return this.#kafka
  }

  async createTopics(): Promise<this> {
    const topics = ['in', 'out'].map((topic) => ({ topic, partitions: 1 }))
    await (await this.kafka()).createTopics(topics)
    return this
  }

  async produce(value: string): Promise<void> {
    const bytes = Buffer.from(value)
    const record = { topic: 'in', partition: 0, timestamp: 0, key: bytes, value: bytes }
    await (await this.kafka()).produce([{ ...record, headers: NO_HEADERS }])
  }

  get logged(): string[] {
    return this.lines.filter(({ level }) => level === 'error').map(({ message }) => message)
  }
}

let world: World
afterEach(() => world.app.close())

describe('an application', () => {
  test('starts, runs and stops', async () => {
    world = await new World().createTopics()
    await world.app.start()
    expect(world.states).toEqual(RUNNING)
    expect(world.app.tasks).toEqual(['0_0'])
    await world.app.close()
    expect(world.states).toEqual([...RUNNING, 'stopping', 'stopped'])
    expect(world.app.tasks).toEqual([])
    expect(world.logged).toEqual([])
  })

  test('commits what it has when it is closed', async () => {
    world = await new World({ commitIntervalMsMax: 1e6 }).createTopics()
    await world.app.start()
    await world.produce('a')
    await world.app.caughtUp()
    await world.app.close()
    const [range] = (
      await (await world.kafka()).logRanges([{ topic: 'out', partition: 0 }])
    ).values()
    expect(range!.end).toBeGreaterThan(0n)
  })

  test('does not start twice', async () => {
    world = await new World().createTopics()
    await world.app.start()
    await expect(world.app.start()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
    expect(world.app.state).toBe('running')
  })

  test('may be closed before it was started, and as often as one likes', async () => {
    world = new World()
    await world.app.close()
    await Promise.all([world.app.close(), world.app.close()])
    expect(world.states).toEqual(['stopped'])
    await expect(world.app.start()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
  })

  test('resolves its start when it is closed in the middle of it', async () => {
    world = await new World().createTopics()
    const started = world.app.start()
    await world.app.close()
    await started
    expect(world.app.state).toBe('stopped')
  })
})

describe('a start that fails', () => {
  test('tells its caller and nobody else, and leaves nothing open', async () => {
    world = new World()
    await expect(world.app.start()).rejects.toMatchObject({ code: 'TOPIC_MISSING' })
    expect(world.states).toEqual(['starting', 'failed'])
    expect(world.errors).toMatchObject([{ code: 'TOPIC_MISSING' }])
    expect(world.logged).toEqual([])
  })

  test('tells its caller alone also after it has joined the group', async () => {
    const signals = signalsAt('claimed', () => Promise.reject(new TypeError('boom')))
    world = await new World({ signals }).createTopics()
    await expect(world.app.start()).rejects.toMatchObject({ code: 'UNEXPECTED' })
    expect(world.states).toEqual(['starting', 'rebalancing', 'failed'])
    expect(world.logged).toEqual([])
  })
})

describe('a failure while it runs', () => {
  test('is logged once, and told with the state', async () => {
    world = await new World().createTopics()
    await world.app.start()
    await world.produce('poison')
    await until('the failure', () => world.app.state === 'failed')
    expect(world.errors).toMatchObject([
      { code: 'PROCESSING_FAILED', position: { topic: 'in', partition: 0, offset: 0n } },
    ])
    expect(world.logged).toEqual([world.errors[0]!.message])
    await world.app.close()
    expect(world.app.state).toBe('failed')
  })
})

describe('a pause', () => {
  test('may begin before the start, does not show in the state, and ends by resume', async () => {
    world = await new World().createTopics()
    world.app.pause()
    await world.app.start()
    await world.produce('poison')
    await turns(100)
    expect([world.app.isPaused, world.app.state]).toEqual([true, 'running'])
    world.app.resume()
    expect(world.app.isPaused).toBe(false)
    await until('the record', () => world.app.state === 'failed')
  })

  test('does not keep an application from closing', async () => {
    world = await new World().createTopics()
    await world.app.start()
    world.app.pause()
    await world.produce('poison')
    await turns(50)
    await world.app.close()
    expect(world.states.at(-1)).toBe('stopped')
  })
})

describe('the health of an application', () => {
  test('is told from its state and from what gets done', async () => {
    const [clock, hung] = [new ManualClock(), deferred()]
    const signals = signalsAt('fenced', () => hung.promise)
    world = await new World({ clock, signals }).createTopics()
    expect(world.app.health()).toMatchObject({ isReady: false, isLive: true })
    await world.app.start()
    expect(world.app.health()).toEqual({ isReady: true, isLive: true, reasons: [] })
    await world.produce('a')
    await turns(50)
    clock.advance(30_001)
    expect(world.app.health().isLive).toBe(true)
    const reasons = ['a commit has not moved for 30001 ms']
    const health = { isReady: false, isLive: false, reasons }
    expect(world.app.health({ stuckAfterMs: 30_000 })).toEqual(health)
    hung.resolve()
  })

  test('is not good as soon as it has failed, while all is being closed', async () => {
    const [adapter, held] = [memoryKafka(), deferred()]
    const open: typeof adapter.open = async (options) => {
      const kafka = await adapter.open(options)
      const close = kafka.close.bind(kafka)
      return Object.assign(kafka, { close: () => held.promise.then(close) })
    }
    world = new World({ kafka: { ...adapter, open } })
    Object.assign(world, { adapter })
    await (await world.createTopics()).app.start()
    await world.produce('poison')
    await until('the failure', () => !world.app.health().isLive)
    expect(world.app.state).not.toBe('failed')
    held.resolve()
    await until('the end', () => world.app.state === 'failed')
  })
})

describe('a close that takes too long', () => {
  test('is given up after its time-out, and not before', async () => {
    const [clock, never] = [new ManualClock(), deferred()]
    const signals = signalsAt('fenced', () => never.promise)
    world = await new World({ clock, signals, commitIntervalMsMax: 1 }).createTopics()
    await world.app.start()
    await world.produce('a')
    await turns(50)
    let isClosed = false
    const closed = world.app.close({ timeoutMs: 500 }).then(() => (isClosed = true))
    await turns(50)
    clock.advance(499)
    await turns(50)
    expect([isClosed, world.app.state]).toEqual([false, 'stopping'])
    clock.advance(1)
    await closed
    expect(world.app.state).toBe('stopped')
    never.resolve()
  })
})
