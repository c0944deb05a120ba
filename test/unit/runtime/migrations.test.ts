import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import { memory } from '../../../src/database/memory/index.ts'
import type { KafkaAdapter } from '../../../src/kafka/kafka.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { until } from '../../support/turns.ts'

const logger = consoleLogger('silent')
const COUNTS = { name: 'counts', columns: [], key: [] }
/** For what waits on the clock. */
const LONG = 2_000_000

let kafka: KafkaAdapter
let database: DatabaseAdapter
let applications: Streams[]

/** Counts each key of `in`; the second version counts by tens. */
function application(version: 1 | 2): Streams {
  const builder = new StreamsBuilder()
  const byTens =
    version === 1
      ? {}
      : { version, migrate: ({ value }: { value: number }) => ({ value: value * 10 }) }
  builder
    .stream('in', { key: serdes.string, value: serdes.string })
    .groupByKey()
    .count({ store: 'counts', ...byTens })
  const app = new Streams(builder.build(), {
    ...{ applicationId: 'app', kafka, database, logger },
    ...{ commitIntervalMsMax: 1, sessionTimeoutMs: 500, handOverTimeoutMs: 1 },
  })
  applications.push(app)
  return app
}

async function produce(...keys: string[]): Promise<void> {
  const client = await kafka.open({ clientId: 'test', logger })
  const records = keys.map((key, at) => ({
    ...{ topic: 'in', partition: at % 2, timestamp: 0, headers: NO_HEADERS },
    ...{ key: Buffer.from(key), value: Buffer.from(key) },
  }))
  await client.produce(records)
  await client.close()
}

async function counts(): Promise<unknown[]> {
  const opened = await database.open({ schema: 'app', logger })
  const rows = await opened.range(COUNTS, { prefix: [] })
  await opened.close()
  return rows.map(([, key, value]) => [key, value])
}

beforeEach(async () => {
  kafka = memoryKafka()
  database = memory()
  applications = []
  const client = await kafka.open({ clientId: 'test', logger })
  await client.createTopics([{ topic: 'in', partitions: 2 }])
  await client.close()
})
afterEach(() => Promise.all(applications.map((app) => app.close())))

describe('an application with a new version of a store', () => {
  test('goes on with the migrated rows', async () => {
    const first = application(1)
    await first.start()
    await produce('a', 'b')
    await first.caughtUp()
    await first.close()
    const second = application(2)
    await second.start()
    await produce('a')
    await second.caughtUp()
    expect(await counts()).toEqual([
      ['a', 11n],
      ['b', 10n],
    ])
  })

  test('runs in two instances that were started at once', async () => {
    const first = application(1)
    await first.start()
    await produce('a', 'b')
    await first.caughtUp()
    await first.close()
    const instances = [application(2), application(2)]
    await Promise.all(instances.map((instance) => instance.start()))
    await until('both have a task', () => instances.every(({ tasks }) => tasks.length === 1), LONG)
    await produce('a', 'b')
    await Promise.all(instances.map((instance) => instance.caughtUp()))
    await until(
      'both are counted',
      async () => JSON.stringify(await texts()) === '["11","11"]',
      LONG,
    )
  }, 20_000)

  test('stops instances of the old version that still run', async () => {
    const [first, second] = [application(1), application(2)]
    await first.start()
    await produce('a', 'b')
    await first.caughtUp()
    let code: string | undefined
    first.on('state', (_, error) => (code ??= error?.code))
    await second.start()
    await produce('a', 'b')
    await until('the old one has failed', () => first.state === 'failed', LONG)
    expect(code).toBe('CATALOGUE_MISMATCH')
    await until('the new one has all', () => second.tasks.length === 2, LONG)
    await second.caughtUp()
    expect(await texts()).toEqual(['11', '11'])
  }, 20_000)

  async function texts(): Promise<string[]> {
    return (await counts()).map((row) => String((row as unknown[])[1]))
  }
})
