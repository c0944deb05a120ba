import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startKafka, type Kafka as Broker } from '../../scripts/servers/kafka.mjs'
import { memory } from '../../src/database/memory/index.ts'
import type { DatabaseAdapter } from '../../src/database/database.ts'
import type { Kafka } from '../../src/kafka/kafka.ts'
import { NO_HEADERS } from '../../src/model/headers.ts'
import { Streams } from '../../src/runtime/streams.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { consoleLogger } from '../../src/telemetry/logger.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { createKafka } from './support/create-kafka.ts'

const TEXT = { key: serdes.string, value: serdes.string }
const logger = consoleLogger('silent')

let broker: Broker
let kafka: Kafka
let database: DatabaseAdapter
let app: Streams | undefined
let errors: unknown[]

beforeEach(async () => {
  broker = await startKafka()
  kafka = await createKafka(broker.brokers).open({ clientId: 'test', logger })
  await kafka.createTopics([{ topic: 'in', partitions: 1 }])
  database = memory()
  errors = []
}, 60_000)
afterEach(async () => {
  await app?.close()
  await kafka.close()
  await broker.stop()
})

async function start(): Promise<Streams> {
  const builder = new StreamsBuilder()
  builder.stream('in', TEXT).groupByKey().count({ store: 'counts' })
  app = new Streams(builder.build(), {
    ...{ applicationId: 'app', kafka: createKafka(broker.brokers), database, logger },
    ...{ onOffsetOutOfRange: 'latest', sessionTimeoutMs: 6_000 },
  })
  app.on('state', (_, error) => error && errors.push(error))
  await app.start()
  return app
}

function produce(count: number): Promise<void> {
  const [key, value] = [Buffer.from('k'), Buffer.from('v')]
  const record = { topic: 'in', partition: 0, key, value, timestamp: 0, headers: NO_HEADERS }
  return kafka.produce(Array.from({ length: count }, () => record))
}

/** How often a key was counted. */
async function counted(): Promise<number[]> {
  const reader = await database.open({ schema: 'app', logger })
  const table = { name: 'counts', columns: [], key: ['partition', 'key'] }
  return (await reader.range(table, { prefix: [] })).map((row) => Number(row[2]))
}

/** Kafka has forgotten that, and when. */
const TRUNCATED = {
  code: 'LOG_TRUNCATED',
  message: expect.stringMatching(
    /in-0 was read up to offset 10, but has other records from offset 0 on/,
  ) as unknown,
}

test('a log that was lost and has grown beyond the stored offset again stops who goes on there, and nothing of it is skipped', async () => {
  await (await start()).caughtUp()
  await produce(10)
  await app!.caughtUp()
  await app!.close()
  await broker.loseLog('in-0')
  await produce(20)
  await start().catch(() => undefined)
  await eventually('the failure', () => errors.length > 0)
  expect(errors).toMatchObject([TRUNCATED])
  expect(await counted()).toEqual([10])
}, 60_000)

test('a log that is lost while it is read stops who reads it', async () => {
  const reading = await start()
  await produce(10)
  await reading.caughtUp()
  await broker.loseLog('in-0')
  await produce(20)
  await eventually('the failure', () => errors.length > 0)
  expect(errors).toMatchObject([TRUNCATED])
  expect(await counted()).toEqual([10])
}, 60_000)

test('a restart of the broker, which elects a leader anew, stops nobody', async () => {
  const reading = await start()
  await produce(10)
  await reading.caughtUp()
  await broker.restart()
  await produce(20)
  await reading.caughtUp()
  expect([reading.state, await counted()]).toEqual(['running', [30]])
}, 60_000)
