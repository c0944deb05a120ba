import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { missingForPgbouncer, startPgbouncer, type Pgbouncer } from '../../scripts/servers/pgbouncer.mjs' // prettier-ignore
import { postgres } from '../../src/database/postgres/index.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { databaseUrl } from './support/environment.ts'
import { TestApplication } from './support/test-application.ts'

const missing = missingForPgbouncer()
const describePooled =
  missing === undefined || process.env['CI'] === 'true' ? describe : describe.skip

const PARTITIONS = 4
const WORDS = Array.from({ length: 50 }, (_, at) => `word-${at}`)

/** Counts words; the second version counts by thousands. */
function countWords(version: 1 | 2) {
  return (input: string, output: string): Topology => {
    const byThousands =
      version === 1
        ? {}
        : { version, migrate: ({ value }: { value: number }) => ({ value: value * 1_000 }) }
    const builder = new StreamsBuilder()
    builder
      .stream(input, { key: serdes.string, value: serdes.string })
      .groupBy((_, word) => word, { name: 'words' })
      .count({ store: 'counts', ...byThousands })
      .toStream()
      .to(output, { value: serdes.int64 })
    return builder.build()
  }
}

describePooled(
  `behind pgbouncer, a connection for each transaction (${missing ?? 'it is here'}),`,
  () => {
    let pooler: Pgbouncer
    let version: 1 | 2
    let app: TestApplication

    beforeAll(async () => void (pooler = await startPgbouncer(databaseUrl)))
    afterEach(() => app.remove())
    afterAll(() => pooler.stop())

    async function create(): Promise<void> {
      version = 1
      app = new TestApplication((input, output) => countWords(version)(input, output), {
        ...{ partitions: PARTITIONS, database: postgres({ url: pooler.url }) },
      })
      await app.createTopics()
    }

    /** Every word so many times, in all partitions. */
    async function write(times: number): Promise<void> {
      const words = Array.from({ length: times }, () => WORDS).flat()
      await app.write(words.map((value, at) => ({ value, partition: at % PARTITIONS })))
    }

    async function counted(count: number): Promise<void> {
      const expected = new Map(WORDS.map((word) => [word, count]))
      const deadline = Date.now() + 30_000
      let found = new Map<string, number>()
      while (
        Date.now() < deadline &&
        [...found.values()].filter((one) => one === count).length < WORDS.length
      ) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        found = await app.rows('counts').catch(() => new Map<string, number>())
      }
      expect(found).toEqual(expected)
    }

    test('instances that come, go and crash count everything once', async () => {
      await create()
      await write(20)
      const [first, second] = [app.create(), app.create()]
      await Promise.all([first.start(), second.start()])
      await write(20)
      await counted(40)
      await first.close()
      await write(20)
      await counted(60)
      const third = app.create()
      await third.start()
      await write(20)
      await second.crash()
      await write(20)
      await counted(100)
      await third.caughtUp()
      expect(await app.differences()).toEqual([])
    })

    test('instances that start at once make tables and migrate a store one after the other', async () => {
      await create()
      await write(10)
      const first = [app.create(), app.create(), app.create()]
      await Promise.all(first.map((one) => one.start()))
      await counted(10)
      await Promise.all(first.map((one) => one.close()))
      version = 2
      await write(1)
      const next = [app.create(), app.create(), app.create()]
      await Promise.all(next.map((one) => one.start()))
      await counted(10_001)
    })
  },
)
