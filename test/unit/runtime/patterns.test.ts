import { afterEach, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { StreamsState } from '../../../src/runtime/lifecycle.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { deferred } from '../../support/deferred.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { until } from '../../support/turns.ts'

const SERDES = { key: serdes.string, value: serdes.string }
const { logger } = recordingLogger()
const adapter = memoryKafka()
const database = memory()
const apps: Streams[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

/** Counts what comes in by all topics that match. */
async function start(): Promise<Streams> {
  const builder = new StreamsBuilder()
  builder.stream(/in-.*/, SERDES).groupByKey().count({ store: 'counts' })
  const options = { applicationId: 'app', kafka: adapter, database, logger, metadataMaxAgeMs: 10 }
  const app = new Streams(builder.build(), options)
  apps.push(app)
  await app.start()
  return app
}

test('topics that appear while it runs are read, with the state there is; later starts know them', async () => {
  const kafka = await adapter.open({ clientId: 'test', logger })
  const other = await database.open({ schema: 'app', logger })
  const table = { name: 'counts', columns: [], key: ['partition', 'key'] }
  const counted = async () =>
    (await other.range(table, { prefix: [] })).map((row) => row.slice(1, 3))
  const add = async (topic: string, partitions: number) => {
    await kafka.createTopics([{ topic, partitions }])
    const [key, value] = [Buffer.from('k'), Buffer.from('v')]
    const record = { partition: 0, timestamp: 0, key, value, headers: NO_HEADERS }
    await kafka.produce([{ topic, ...record }])
  }
  await add('in-a', 2)
  const app = await start()
  await app.caughtUp()
  expect(await counted()).toEqual([['k', 1n]])
  const second = await start()
  await add('in-b', 1)
  await add('not-in', 1)
  await until(
    'the record of the new topic was counted',
    async () => (await counted())[0]?.[1] === 2n,
  )
  await Promise.all([app.close(), second.close()])
  await add('in-c', 2)
  const third = await start()
  await third.caughtUp()
  expect(await counted()).toEqual([['k', 3n]])
  expect(third.state).toBe('running')
  // Rows belong to a number of partitions: the topic that is larger than all before is no longer one of many.
  const failure = new Promise((resolve) => third.on('state', (_, error) => error && resolve(error)))
  await add('in-d', 3)
  expect(await failure).toMatchObject({ code: 'CATALOGUE_MISMATCH' })
})

test('what is closed when a topic appears begins nothing anew', async () => {
  const kafka = memoryKafka()
  const client = await kafka.open({ clientId: 'test', logger })
  await client.createTopics([{ topic: 'in-a', partitions: 1 }])
  let prepared = 0
  const prepare = () => (prepared++, Promise.resolve())
  const builder = new StreamsBuilder()
  builder.stream(/in-.*/, { ...SERDES, value: { ...serdes.string, prepare } })
  const options = { applicationId: 'app', kafka, database: memory(), logger, metadataMaxAgeMs: 10 }
  const app = new Streams(builder.build(), options)
  await app.start()
  expect(prepared).toBe(1)
  const states: StreamsState[] = []
  const closed = new Promise<void>((resolve) =>
    app.on('state', (state) => {
      states.push(state)
      if (state === 'rebalancing') resolve(app.close())
    }),
  )
  await client.createTopics([{ topic: 'in-b', partitions: 1 }])
  await closed
  expect(prepared).toBe(1)
  expect(states).toEqual(['rebalancing', 'stopping', 'stopped'])
})

test('an orderly close while a start waits is no failure', async () => {
  const kafka = memoryKafka()
  const client = await kafka.open({ clientId: 'test', logger })
  await client.createTopics([{ topic: 'in-a', partitions: 1 }])
  const asked = deferred()
  const gone = deferred()
  const prepare = async () => {
    asked.resolve()
    await gone.promise
    throw new RangeError('given up')
  }
  const builder = new StreamsBuilder()
  builder.stream('in-a', { ...SERDES, value: { ...serdes.string, prepare } })
  const app = new Streams(builder.build(), {
    ...{ applicationId: 'app', kafka, database: memory(), logger },
  })
  const started = app.start()
  await asked.promise
  const closed = app.close()
  gone.resolve()
  await Promise.all([closed, started])
  expect(app.state).toBe('stopped')
})
