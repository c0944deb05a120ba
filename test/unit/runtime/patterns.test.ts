import { afterEach, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
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
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return (await counted())[0]?.[1] === 2n
    },
    500,
  )
  await Promise.all([app.close(), second.close()])
  await add('in-c', 2)
  const third = await start()
  await third.caughtUp()
  expect(await counted()).toEqual([['k', 3n]])
  expect(third.state).toBe('running')
  // Rows belong to a number of partitions: the topic that is larger than all before is no longer one of many.
  await add('in-d', 3)
  const failure = new Promise((resolve) => third.on('state', (_, error) => error && resolve(error)))
  expect(await failure).toMatchObject({ code: 'CATALOGUE_MISMATCH' })
})
