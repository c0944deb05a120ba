import { afterEach, expect, test } from '@jest/globals'
import type { Database, DatabaseAdapter, DatabaseOpenOptions } from '../../src/database/database.ts'
import type { Transaction } from '../../src/database/transaction.ts'
import { postgres } from '../../src/database/postgres/index.ts'
import { partitionOf } from '../../src/model/murmur2.ts'
import { reshard } from '../../src/runtime/reshard/reshard.ts'
import type { StreamsOptions } from '../../src/runtime/streams-options.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { CrashError } from '../conformance/evolution/crashing-database.ts'
import { recordingLogger } from '../support/telemetry.ts'
import { wrapTransaction, type WrapStatement } from '../support/wrap-transaction.ts'
import { createKafka } from './support/create-kafka.ts'
import { databaseUrl } from './support/environment.ts'
import { TestApplication } from './support/test-application.ts'
import { wordCount } from './support/word-count.ts'

let app: TestApplication
afterEach(() => app.remove())

const KEYS = Array.from({ length: 2_000 }, (_, at) => `key ${at}`)

/** Counts the records of each key. */
function keyCount(input: string, output: string): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: serdes.string, value: serdes.string })
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .to(output, { value: serdes.int64 })
  return builder.build()
}

/** A record of each key, its value the same, as a producer writes it that has heard of so many partitions. */
function write(partitions: number): Promise<void> {
  const place = (key: string) => partitionOf(Buffer.from(key), partitions)
  return app.write(
    KEYS.map((key) => ({ key, value: key.replace(' ', '-'), partition: place(key) })),
  )
}

async function grow(partitions: number): Promise<void> {
  await (await app.kafka()).growTopics([{ topic: app.input, partitions }])
}

function options(database: DatabaseAdapter = postgres({ url: databaseUrl })): StreamsOptions {
  const { logger } = recordingLogger()
  return { applicationId: app.name, kafka: createKafka(), database, logger }
}

test.each([
  ['by the keys of the topic', keyCount, (key: string) => key],
  ['behind a repartition topic', wordCount, (key: string) => key.replace(' ', '-')],
])('counts %s go on when it has grown from 3 to 5 partitions', async (_, topology, wordOf) => {
  app = new TestApplication(topology, { partitions: 3 })
  await app.createTopics()
  await write(3)
  expect(await app.run()).toBeUndefined()
  await write(3)
  await grow(5)
  expect(await app.run()).toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  await write(5)
  const { topics } = await reshard(topology(app.input, app.output), options())
  expect(topics).toContainEqual({ topic: app.input, from: 3, to: 5 })
  expect(await app.run()).toBeUndefined()
  expect(await app.rows('counts')).toEqual(new Map(KEYS.map((key) => [wordOf(key), 3])))
  expect(await toldInVain()).toEqual([])
})

test('a reshard that dies in the middle is gone on with by the next', async () => {
  app = new TestApplication(keyCount, { partitions: 3 })
  await app.createTopics()
  await write(3)
  expect(await app.run()).toBeUndefined()
  await grow(5)
  const postgresAdapter = postgres({ url: databaseUrl })
  const dying = {
    ...postgresAdapter,
    open: async (how: DatabaseOpenOptions) => dyingAfterMove(await postgresAdapter.open(how)),
  }
  const topology = keyCount(app.input, app.output)
  await expect(reshard(topology, options(dying))).rejects.toThrow(CrashError)
  const places = (await app.rowsIn('counts')).map(({ partition }) => partition)
  expect(new Set(places)).toEqual(new Set([0, 1, 2, 3, 4]))
  expect(await app.run()).toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  await reshard(topology, options())
  await write(5)
  expect(await app.run()).toBeUndefined()
  expect(await app.rows('counts')).toEqual(new Map(KEYS.map((key) => [key, 2])))
  expect(await toldInVain()).toEqual([])
})

/** A database as a process sees it that dies when it has moved rows of the counts for the first time. */
function dyingAfterMove(database: Database): Database {
  let isDead = false
  const transaction: Database['transaction'] = async (work, options) => {
    if (isDead) throw new CrashError()
    let hasMoved = false
    const noting: WrapStatement = (method, statement) => {
      return (...args) => {
        hasMoved ||= method === 'upsertMany' && args[0].name === 'counts'
        return statement(...args)
      }
    }
    const noted = (inner: Transaction) => work(wrapTransaction(inner, noting))
    const result = await database.transaction(noted, options)
    isDead = hasMoved
    if (isDead) throw new CrashError()
    return result
  }
  return {
    transaction,
    getMany: (...args) => database.getMany(...args),
    range: (...args) => database.range(...args),
    migrate: (...args) => database.migrate(...args),
    dropTable: (table) => database.dropTable(table),
    close: () => database.close(),
  }
}

/** Keys whose counts did not rise one after the other in the output, up to that in the table. */
async function toldInVain(): Promise<string[]> {
  const told = new Map<string, number[]>()
  for (const { key, value } of await app.read(app.output)) {
    const [word, count] = [
      Buffer.from(key!).toString(),
      Number(Buffer.from(value!).readBigInt64BE()),
    ]
    told.set(word, [...(told.get(word) ?? []), count])
  }
  const isRising = (counts: readonly number[], end: number) =>
    counts.at(-1) === end && counts.every((count, at) => at === 0 || count > counts[at - 1]!)
  const rows = [...(await app.rows('counts'))]
  return rows.flatMap(([key, end]) => (isRising(told.get(key) ?? [], end) ? [] : [key]))
}
