import { expect, test } from '@jest/globals'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { migrateFrom, type StoredRow } from '../../../src/stores/contract/store-migration.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'

const { string, json } = serdes
const text = { key: string, value: string }
/** What values are from the second version on. */
interface Box {
  readonly is: string
}
const boxes = json<Box>()
const boxed = { key: string, value: boxes }
const migrate = migrateFrom(string, ({ value }: StoredRow<string, string>) =>
  value === 'gone' ? undefined : { value: { is: value } },
)
const second = { version: 2, migrate }

type Define = (builder: StreamsBuilder) => void
type Work = (driver: TopologyTestDriver) => Promise<void>

/** What is in the stores of every kind, before and after a new version of an application that runs on. */
export function rowKindsSuite(open: () => { adapter: DatabaseAdapter; schema: string }): void {
  /** Works with the first version, then with the second, and answers what the topic `out` got from that one. */
  async function afterwards(
    [define, work]: readonly [Define, Work],
    [redefine, workOn]: readonly [Define, Work],
  ): Promise<unknown[]> {
    const { adapter, schema } = open()
    const outside = { kafka: memoryKafka(), database: adapter, schema }
    await run(define, work, outside)
    return run(redefine, workOn, outside)
  }

  test('a versioned table: every version', async () => {
    const table = (of: typeof text | typeof boxed, options: object): Define => {
      return (builder) => {
        const rows = builder.table('rows', {
          ...{ ...(of as typeof text), store: 'rows', versioned: { historyRetentionMs: 100 } },
          ...options,
        })
        builder
          .stream('in', text)
          .leftJoin(rows, (value, row) => `${value}: ${JSON.stringify(row)}`)
          .to('out', { value: string })
      }
    }
    const before: Work = async (driver) => {
      const rows = driver.createInputTopic('rows', text)
      await rows.pipeInputs([
        { key: 'a', value: 'one', timestamp: 10 },
        { key: 'a', value: 'gone', timestamp: 20 },
        { key: 'a', value: 'two', timestamp: 30 },
        { key: 'b', value: 'one', timestamp: 10 },
        { key: 'b', value: null, timestamp: 20 },
      ])
    }
    const after: Work = async (driver) => {
      const input = driver.createInputTopic('in', text)
      for (const timestamp of [15, 25, 35])
        await input.pipeInput({ key: 'a', value: `at ${timestamp}`, timestamp })
      await input.pipeInput({ key: 'b', value: 'b at 15', timestamp: 15 })
      await input.pipeInput({ key: 'b', value: 'b at 25', timestamp: 25 })
    }
    expect(await afterwards([table(text, {}), before], [table(boxed, second), after])).toEqual([
      'at 15: {"is":"one"}',
      'at 25: null',
      'at 35: {"is":"two"}',
      'b at 15: {"is":"one"}',
      'b at 25: null',
    ])
  })

  test('a versioned store of a processor', async () => {
    const common = { name: 'rows', key: string, historyRetentionMs: 100 }
    const first = stores.versioned({ ...common, value: string })
    const put: Define = (builder) =>
      builder.stream('in', text).process(({ key, value, timestamp }, context) => {
        void context.store(first).put(key, value, timestamp)
      }, { stores: [first] }) // prettier-ignore
    const then = stores.versioned({ ...common, value: boxes, ...second })
    const get: Define = (builder) =>
      builder
        .stream('in', text)
        .process<string, string>(
          async (record, context) => {
            const found = await context.store(then).get(record.key, record.timestamp)
            await context.forward({ ...record, value: JSON.stringify(found?.value) })
          },
          { stores: [then] },
        )
        .to('out', text)
    const at = (timestamp: number) => async (driver: TopologyTestDriver) =>
      driver.createInputTopic('in', text).pipeInput({ key: 'a', value: 'x', timestamp })
    expect(await afterwards([put, at(10)], [get, at(15)])).toEqual(['{"is":"x"}'])
  })

  const joined =
    (of: typeof text | typeof boxed, options: object): Define =>
    (builder) => {
      builder
        .stream('left', of as typeof text)
        .outerJoin(
          builder.stream('right', text),
          (left, right) => `${JSON.stringify(left)}+${right}`,
          { ...{ beforeMs: 10, afterMs: 10, graceMs: 5, store: 'pairs' }, ...options },
        )
        .to('out', { value: string })
    }

  test('a join of streams: what waits for partners, and what has found none', async () => {
    const before: Work = async (driver) => {
      const left = driver.createInputTopic('left', text)
      await left.pipeInputs(
        ['alone', 'gone', 'both'].map((value) => ({ key: value, value, timestamp: 10 })),
      )
      const right = driver.createInputTopic('right', text)
      await right.pipeInput({ key: 'alone too', value: 'r', timestamp: 10 })
    }
    const after: Work = async (driver) => {
      const right = driver.createInputTopic('right', text)
      await right.pipeInput({ key: 'both', value: 'r', timestamp: 15 })
      await right.pipeInput({ key: 'gone', value: 'late', timestamp: 15 })
      await right.pipeInput({ key: 'end', value: 'end', timestamp: 200 })
    }
    const options = { ...second, migrateOther: ({ value }: StoredRow<string, string>) => ({ value: `${value}!` }) } // prettier-ignore
    const got = await afterwards([joined(text, {}), before], [joined(boxed, options), after])
    expect(got.toSorted()).toEqual([
      'null+late',
      'null+r!',
      '{"is":"alone"}+null',
      '{"is":"both"}+r',
    ])
  })

  test('a join with a grace period: records that wait for the rows of their times', async () => {
    const define =
      (of: typeof text | typeof boxed, options: object): Define =>
      (builder) => {
        const versioned = { historyRetentionMs: 100 }
        const rows = builder.table('rows', { ...text, store: 'rows', versioned })
        builder
          .stream('in', of as typeof text)
          .leftJoin(rows, (value, row) => `${JSON.stringify(value)} ${row}`, {
            ...{ graceMs: 20, name: 'waiting' },
            ...options,
          })
          .to('out', { value: string })
      }
    const before: Work = async (driver) => {
      const input = driver.createInputTopic('in', text)
      for (const value of ['one', 'gone']) await input.pipeInput({ key: 'a', value, timestamp: 50 })
    }
    const after: Work = async (driver) => {
      await driver.createInputTopic('rows', text).pipeInput({ key: 'a', value: 'r', timestamp: 5 })
      const input = driver.createInputTopic('in', boxed)
      await input.pipeInput({ key: 'b', value: { is: 'later' }, timestamp: 90 })
    }
    expect(await afterwards([define(text, {}), before], [define(boxed, second), after])).toEqual([
      '{"is":"one"} r',
    ])
  })

  const suppressed =
    (of: typeof text | typeof boxed, options: object): Define =>
    (builder) => {
      builder
        .table('in', { ...(of as typeof text), store: 'rows', ...options })
        .suppress({
          ...{ until: 'time-limit', timeLimitMs: 10, name: 'held', maxBytes: 100_000 },
          ...options,
        })
        .toStream()
        .mapValues((value) => JSON.stringify(value))
        .to('out', { value: string })
    }

  test('suppress: changes that are held back', async () => {
    const before: Work = async (driver) => {
      const input = driver.createInputTopic('in', text)
      for (const value of ['one', 'gone', 'two'])
        await input.pipeInput({ key: value, value, timestamp: 10 })
    }
    const after: Work = (driver) =>
      driver
        .createInputTopic('in', boxed)
        .pipeInput({ key: 'end', value: { is: 'end' }, timestamp: 30 })
    const got = afterwards([suppressed(text, {}), before], [suppressed(boxed, second), after])
    expect((await got).toSorted()).toEqual(['null', '{"is":"one"}', '{"is":"two"}'])
  })

  test('suppress of windows: their keys say which', async () => {
    const define =
      (options: object): Define =>
      (builder) => {
        builder
          .stream('in', text)
          .groupByKey()
          .windowedBy(TimeWindows.of({ sizeMs: 10 }))
          .count({ store: 'counts' })
          .suppress({ until: 'window-closes', name: 'final', ...options })
          .toStream(({ key }) => key)
          .mapValues((count) => String(count))
          .to('out', text)
      }
    const tens = ({ key, value }: StoredRow<{ key: string; start: number }, number>) => ({
      value: value * 10 + key.start / 10 + key.key.length,
    })
    const pipe = (timestamp: number) => (driver: TopologyTestDriver) =>
      driver.createInputTopic('in', text).pipeInput({ key: 'abc', value: 'x', timestamp })
    const got = afterwards(
      [define({}), pipe(20)],
      [define({ version: 2, migrate: tens }), pipe(40)],
    )
    expect(await got).toEqual(['15'])
  })

  test('a cogroup’s aggregate', async () => {
    const define =
      (options: object): Define =>
      (builder) => {
        builder
          .stream('in', text)
          .groupByKey()
          .cogroup<string>((_, value, all) => `${all}${value}`)
          .aggregate({ init: () => '', value: string, store: 'all', ...options })
          .toStream()
          .to('out')
      }
    const pipe: Work = (driver) =>
      driver.createInputTopic('in', text).pipeInput({ key: 'a', value: 'x', timestamp: 1 })
    const migrated = { version: 2, migrate: ({ value }: { value: string }) => ({ value: `<${value}>` }) } // prettier-ignore
    expect(await afterwards([define({}), pipe], [define(migrated), pipe])).toEqual(['<x>x'])
  })

  test('the times of records and versions stay', async () => {
    const moved = ({ value, timestamp }: StoredRow<string, string>) => ({
      value,
      timestamp: timestamp + 1,
    })
    const before: Work = (driver) =>
      driver.createInputTopic('left', text).pipeInput({ key: 'a', value: 'x', timestamp: 1 })
    const options = { version: 2, migrate: moved }
    const failing = afterwards([joined(text, {}), before], [joined(text, options), before])
    await expect(failing).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('the times of such rows stay') as unknown,
    })
  })

  const byForeignKey =
    (options: object): Define =>
    (builder) => {
      const orders = builder.table('orders', { ...text, store: 'orders', ...options })
      orders
        .join(builder.table('rows', { ...text, store: 'rows' }), (order, row) => order + row, {
          foreignKey: (order) => order,
          name: 'by-row',
        })
        .toStream()
        .to('out', { value: string })
    }

  test('rows that subscribe by foreign key: a start stops, since hashes of them are kept', async () => {
    const none: Work = () => Promise.resolve()
    const changed = { version: 2, migrate: ({ value }: { value: string }) => ({ value }) }
    const failing = afterwards([byForeignKey({}), none], [byForeignKey(changed), none])
    await expect(failing).rejects.toMatchObject({
      code: 'CATALOGUE_MISMATCH',
      message: expect.stringMatching(
        /by-row-subscription-store.*subscriberVersions.*another applicationId.*hashes/s,
      ) as unknown,
    })
    const same = await afterwards([byForeignKey({}), none], [byForeignKey({}), none])
    expect(same).toEqual([])
  })
}

async function run(define: Define, work: Work, outside: object): Promise<unknown[]> {
  const builder = new StreamsBuilder()
  define(builder)
  const logger = consoleLogger('silent')
  const driver = await TopologyTestDriver.open(builder.build(), { ...outside, logger })
  try {
    await work(driver)
    if (!driver.producedTopicNames.includes('out')) return []
    return driver.createOutputTopic('out', text).readValues()
  } finally {
    await driver.close()
  }
}
