import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import { memoryKafka, type MemoryKafkaAdapter } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { until } from '../../support/turns.ts'

const SERDES = { key: serdes.string, value: serdes.string }
const PARTITIONS = [0, 1, 2, 3]
const { logger } = recordingLogger()

let adapter: MemoryKafkaAdapter
let database: DatabaseAdapter
let kafka: Kafka
const apps: Streams[] = []

beforeEach(async () => {
  adapter = memoryKafka()
  database = memory()
  kafka = await adapter.open({ clientId: 'test', logger })
  const topics = ['in', 'out', 'more'].map((topic) => ({ topic, partitions: PARTITIONS.length }))
  await kafka.createTopics(topics)
})
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

/** Counts the keys of `in`; a version says so in what it sends, and may do more. */
function counting(version: string, more: (builder: StreamsBuilder) => void = () => undefined) {
  const builder = new StreamsBuilder()
  builder
    .stream('in', SERDES)
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
    .mapValues((count) => `${count} by ${version}`)
    .to('out', { value: serdes.string })
  more(builder)
  return builder.build()
}

function create(topology: Topology, on = database): Streams {
  const app = new Streams(topology, { applicationId: 'app', kafka: adapter, database: on, logger })
  apps.push(app)
  return app
}

/** One more of each key: `a0` in partition 0, and so on. */
async function produce(): Promise<void> {
  const bytes = (text: string) => Buffer.from(text)
  await kafka.produce(
    PARTITIONS.map((partition) => ({
      ...{ topic: 'in', partition, timestamp: 0, headers: NO_HEADERS },
      ...{ key: bytes(`a${partition}`), value: bytes('x') },
    })),
  )
}

async function caughtUp(): Promise<void> {
  for (const app of apps) await app.caughtUp()
}

/** What the store holds of each key. */
async function counts(): Promise<number[]> {
  const reader = await database.open({ schema: 'app', logger })
  const table = { name: 'counts', columns: [], key: ['partition', 'key'] }
  return (await reader.range(table, { prefix: [] })).map((row) => Number(row[2]))
}

const tasksOf = (app: Streams) => app.tasks.toSorted()

describe('a rolling deploy', () => {
  test('of the same topology: old and new share the tasks, nothing is lost or counted twice', async () => {
    const old = create(counting('old'))
    await old.start()
    await produce()
    await old.caughtUp()
    const young = create(counting('new'))
    await young.start()
    await until('sharing', () => old.tasks.length === 2 && young.tasks.length === 2)
    await produce()
    await caughtUp()
    expect(await counts()).toEqual([2, 2, 2, 2])
    await old.close()
    await until('the end of the old one', () => young.tasks.length === 4)
    await produce()
    await young.caughtUp()
    expect(await counts()).toEqual([3, 3, 3, 3])
    expect([old.state, young.state]).toEqual(['stopped', 'running'])
  })

  test.each<[string, (builder: StreamsBuilder) => void]>([
    [
      'sub-topology 0 has other stores',
      (builder) => void builder.stream('in', SERDES).groupByKey().count({ store: 'again' }),
    ],
    ['sub-topology 1 is new', (builder) => void builder.stream('more', SERDES).to('out', SERDES)],
  ])('of another topology is refused where %s; the others go on', async (difference, more) => {
    const old = create(counting('old'))
    const heard: string[] = []
    await old.start()
    old.on('state', (state) => void heard.push(state))
    await produce()
    const young = create(counting('new', more))
    await expect(young.start()).rejects.toMatchObject({
      code: 'TOPOLOGY_REFUSED',
      message: expect.stringContaining(difference),
    })
    expect(young.state).toBe('failed')
    await produce()
    await old.caughtUp()
    expect(await counts()).toEqual([2, 2, 2, 2])
    expect(tasksOf(old)).toEqual(['0_0', '0_1', '0_2', '0_3'])
    expect([old.state, heard]).toEqual(['running', []])
  })

  test('of another topology begins when all others are stopped', async () => {
    const old = create(counting('old'))
    await old.start()
    const more = (builder: StreamsBuilder) => void builder.stream('more', SERDES).to('out', SERDES)
    await expect(create(counting('new', more)).start()).rejects.toThrow('is new')
    await old.close()
    const young = create(counting('new', more))
    await young.start()
    expect(young.tasks).toHaveLength(8)
  })

  test('that was refused leaves nothing behind: the old version starts again', async () => {
    const old = create(counting('old'))
    await old.start()
    const other = (builder: StreamsBuilder) =>
      void builder.stream('more', SERDES).groupByKey().count({ store: 'again' })
    await expect(create(counting('new', other)).start()).rejects.toMatchObject({
      code: 'TOPOLOGY_REFUSED',
    })
    await old.close()
    await produce()
    const again = create(counting('old'))
    await again.start()
    await again.caughtUp()
    expect(await counts()).toEqual([1, 1, 1, 1])
  })
})

test('an instance whose state is in another database is refused, and the others go on', async () => {
  const old = create(counting('old'))
  await old.start()
  await produce()
  await old.caughtUp()
  const astray = create(counting('old'), memory())
  await expect(astray.start()).rejects.toMatchObject({ code: 'DATABASE_REFUSED' })
  expect(astray.state).toBe('failed')
  await produce()
  await old.caughtUp()
  expect(await counts()).toEqual([2, 2, 2, 2])
  expect([old.state, tasksOf(old)]).toEqual(['running', ['0_0', '0_1', '0_2', '0_3']])
})
