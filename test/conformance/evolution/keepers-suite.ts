import { describe, expect, test } from '@jest/globals'
import { TIMERS, TIMES } from '../../../src/commit/system-tables.ts'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import type { Table } from '../../../src/database/table.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'

const { string } = serdes
const text = { key: string, value: string }
const logger = consoleLogger('silent')

type Define = (builder: StreamsBuilder) => void

/** Starts of an application whose operators have other names than those under which times and timers are kept. */
export function keepersSuite(open: () => { adapter: DatabaseAdapter; schema: string }): void {
  let outside: { kafka: ReturnType<typeof memoryKafka>; database: DatabaseAdapter; schema: string }

  async function start(define: Define, values: readonly string[] = []): Promise<unknown[]> {
    const builder = new StreamsBuilder()
    define(builder)
    const options = { ...outside, logger, topics: ['in', 'other'] }
    const driver = await TopologyTestDriver.open(builder.build(), options)
    try {
      const input = driver.createInputTopic('in', text)
      for (const [at, value] of values.entries())
        await input.pipeInput({ key: 'a', value, timestamp: at })
      const hasOutput = driver.producedTopicNames.includes('out')
      return hasOutput ? driver.createOutputTopic('out', text).readValues() : []
    } finally {
      await driver.close()
    }
  }

  /** Starts with one topology and a record, then with another, and answers what the second one was told. */
  async function after(first: Define, then: Define, values: readonly string[] = []) {
    const { adapter, schema } = open()
    outside = { kafka: memoryKafka(), database: adapter, schema }
    await start(first, ['x'])
    return start(then, values)
  }

  async function refused(first: Define, then: Define, message: RegExp): Promise<void> {
    await expect(after(first, then)).rejects.toMatchObject({
      code: 'CATALOGUE_MISMATCH',
      message: expect.stringMatching(message) as unknown,
    })
    // Nothing was changed: the first goes on.
    await start(first, ['y'])
  }

  /** As a user does it in SQL. */
  async function change(table: Table, of: string, to?: string): Promise<void> {
    const database = await outside.database.open({ schema: outside.schema, logger })
    await database.transaction(async (transaction) => {
      const rows = await transaction.range(table, { prefix: [] })
      const found = rows.filter(([, name]) => name === of)
      const keys = found.map((row) => row.slice(0, table.key.length))
      await transaction.deleteMany(table, { prefix: [], keys })
      const renamed = to === undefined ? [] : found.map(([task, , ...rest]) => [task!, to, ...rest])
      await transaction.upsertMany(table, renamed)
    })
    await database.close()
  }

  const reminder =
    (options: { name?: string }, isMoved = false): Define =>
    (builder) => {
      const input = builder.stream('in', text)
      const above = isMoved ? input.filter(() => true) : input
      above
        .process<string, string>(
          {
            get: () => ({
              process: ({ value, timestamp }, { timers }) => timers.set(value, timestamp + 1),
              onTimer: ({ key }, context) =>
                context.forward({ key, value: `due ${key}`, timestamp: 0, headers: [] }),
            }),
          },
          options,
        )
        .to('out', text)
    }

  describe('timers', () => {
    test('of a processor that has another name', () =>
      refused(
        reminder({ name: 'first' }),
        reminder({ name: 'second' }),
        /task 0_0 .*timers of 'first'.*option name.*column node.*rowstream_timers.*delete them/s,
      ))

    test('of one whose generated name another operator has changed', () =>
      refused(reminder({}), reminder({}, true), /timers of 'KSTREAM-PROCESSOR-0000000001'/))

    test('of one that moved to another sub-topology', () =>
      refused(
        (builder) => {
          reminder({ name: 'reminder' })(builder)
          builder.stream('other', text).foreach(() => undefined)
        },
        (builder) => {
          builder.stream('in', text).foreach(() => undefined)
          builder
            .stream('other', text)
            .process<string, string>(
              { get: () => ({ process: () => undefined, onTimer: () => undefined }) },
              { name: 'reminder' },
            )
            .to('out', text)
        },
        /task 0_0 .*timers of 'reminder'/s,
      ))

    test('go on where it kept its name, whatever stands above', async () => {
      const named = { name: 'reminder' }
      expect(await after(reminder(named), reminder(named, true), ['y', 'z'])).toContain('due x')
    })

    test('go on under the name that they are given in the table', async () => {
      await after(reminder({ name: 'first' }), reminder({ name: 'first' }))
      await change(TIMERS, 'first', 'second')
      expect(await start(reminder({ name: 'second' }), ['y', 'z'])).toContain('due x')
    })

    test('of one that is gone, once they are deleted', async () => {
      const none: Define = (builder) => builder.stream('in', text).to('out', text)
      await refused(reminder({ name: 'first' }), none, /timers of 'first'/)
      await change(TIMERS, 'first')
      expect(await start(none, ['y'])).toEqual(['y'])
    })
  })

  describe('times', () => {
    const scheduled =
      (name: string): Define =>
      (builder) => {
        builder
          .stream('in', text)
          .process<string, string>(
            {
              get: () => ({
                init: (context) => void context.schedule(10, 'stream-time', () => undefined),
                process: () => undefined,
              }),
            },
            { name },
          )
          .to('out', text)
      }

    test('of a processor’s schedules', () =>
      refused(scheduled('first'), scheduled('second'), /time 'schedule 0 of first'.*column name/s))

    const joined =
      (above: number): Define =>
      (builder) => {
        let left = builder.stream('in', text)
        for (let at = 0; at < above; at++) left = left.filter(() => true)
        left
          .join(builder.stream('other', text), (one, other) => one + other, {
            ...{ beforeMs: 5, afterMs: 5, store: 'pairs' },
          })
          .to('out', { value: string })
      }

    test('of a join whose generated name another operator has changed', () =>
      refused(joined(0), joined(1), /time 'KSTREAM-MERGE-0000000006'/))

    test('go on under the name that they are given in the table', async () => {
      await after(joined(0), joined(0))
      await change(TIMES, 'KSTREAM-MERGE-0000000006', 'KSTREAM-MERGE-0000000007')
      await change(TIMES, 'KSTREAM-MERGE-0000000006-waiting', 'KSTREAM-MERGE-0000000007-waiting')
      expect(await start(joined(1))).toEqual([])
    })

    test('of a group of a cogroup', () => {
      const cogroup =
        (above: boolean): Define =>
        (builder) => {
          const input = builder.stream('in', text)
          const group = (above ? input.filter(() => true) : input).groupByKey()
          group
            .cogroup<string>((_, value, all) => all + value)
            .windowedBy(TimeWindows.of({ sizeMs: 10 }))
            .aggregate({ init: () => '', value: string, store: 'all' })
        }
      return refused(cogroup(false), cogroup(true), /time 'stream time of COGROUPKSTREAM-AGGREGATE/)
    })

    test('of stores and windows go by the name of the store, whatever stands above', async () => {
      const counted =
        (above: boolean): Define =>
        (builder) => {
          const input = builder.stream('in', text)
          ;(above ? input.filter(() => true) : input)
            .groupByKey()
            .windowedBy(TimeWindows.of({ sizeMs: 10 }))
            .count({ store: 'counts' })
        }
      expect(await after(counted(false), counted(true))).toEqual([])
    })
  })
}
