import { describe, expect, test } from '@jest/globals'
import { commitBounds } from '../../../src/commit/commit-bounds.ts'
import type { Database } from '../../../src/database/database.ts'
import { prepareApplication } from '../../../src/runtime/start/prepare-application.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../../src/topology/windows/session-windows.ts'
import { SlidingWindows } from '../../../src/topology/windows/sliding-windows.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { UnlimitedWindows } from '../../../src/topology/windows/unlimited-windows.ts'
import { silentTelemetry } from '../../support/telemetry.ts'
import { ToyKafka } from '../../support/toy-kafka.ts'

const { string, json } = serdes
const SERDES = { key: string, value: string }

type Define = (builder: StreamsBuilder) => void
type Windows = TimeWindows | SlidingWindows | UnlimitedWindows
type Partitions = Readonly<Record<string, number>>

/** What the database is made for in every test. */
const COUNTED: Define = (builder) => {
  builder.stream('in', SERDES).groupByKey().count({ store: 'counts' })
}

/** A start with another topology than that of the start before. */
export function catalogueSuite(open: (schema: string) => Promise<Database>): void {
  let schemas = 0

  async function start(database: Database, define: Define, partitions: Partitions = {}) {
    const builder = new StreamsBuilder()
    define(builder)
    const kafka = new ToyKafka({ in: 2, other: 2, ...partitions })
    const topology = builder.build().forApplication('app')
    const context = { database, telemetry: silentTelemetry(), bounds: commitBounds(1_000) }
    await prepareApplication('app', topology, kafka, { ...context, retryMs: 1_000 })
  }

  /** Starts with one topology, then with another, and answers what became of that. */
  async function after(first: Define, then: Define, partitions?: Partitions): Promise<void> {
    const database = await open(`catalogue_${schemas++}`)
    try {
      await start(database, first)
      await start(database, then, partitions)
      // A start that was accepted is accepted again.
      await start(database, then, partitions)
    } finally {
      await database.close()
    }
  }

  describe('is accepted', () => {
    test('with the same topology', () => after(COUNTED, COUNTED))

    test('with operators that keep nothing, wherever they stand', () =>
      after(COUNTED, (builder) => {
        builder
          .stream('in', SERDES)
          .filter(() => true)
          .mapValues((value) => `${value}!`)
          .groupByKey({ value: string })
          .count({ store: 'counts', cache: false })
          .toStream()
          .foreach(() => undefined)
      }))

    test('with a table above that is now kept', () =>
      after(
        (builder) => {
          const table = builder.table('in', SERDES).filter(() => true)
          table.toStream().groupByKey().count({ store: 'counts' })
        },
        (builder) => {
          const table = builder.table('in', SERDES).filter(() => true, { store: 'kept' })
          table.toStream().groupByKey().count({ store: 'counts' })
        },
      ))

    test('with a sub-topology behind those that were there', () =>
      after(COUNTED, (builder) => {
        COUNTED(builder)
        builder.stream('other', SERDES).groupByKey().count({ store: 'others' })
      }))
  })

  describe('stops', () => {
    const refused = async (first: Define, then: Define, message: RegExp, partitions?: Partitions) =>
      expect(after(first, then, partitions)).rejects.toMatchObject({
        code: 'CATALOGUE_MISMATCH',
        message: expect.stringMatching(message) as unknown,
      })

    test('when a store was renamed', () =>
      refused(
        COUNTED,
        (builder) => {
          builder.stream('in', SERDES).groupByKey().count({ store: 'words' })
        },
        /store counts is not in the topology.*option store/s,
      ))

    test('when a serde is another', () => {
      const reduced = (value: Serde<string>) => (builder: StreamsBuilder) => {
        const stream = builder.stream('in', { key: string, value })
        stream.groupByKey().reduce((one) => one, { store: 'last' })
      }
      return refused(
        reduced(string),
        reduced(json<string>()),
        /store last is .*value: "json".*made for .*value: "string".*put value back.*docs\/evolution\.md/s,
      )
    })

    test.each<[string, Windows, Windows]>([
      [
        'windows advance',
        TimeWindows.of({ sizeMs: 10 }),
        TimeWindows.of({ sizeMs: 10, advanceMs: 5 }),
      ],
      ['windows lie', TimeWindows.of({ sizeMs: 20 }), SlidingWindows.of({ differenceMs: 20 })],
      ['the window begins', UnlimitedWindows.of(), UnlimitedWindows.of({ startMs: 7 })],
    ])('when %s otherwise', async (_, windows, others) => {
      const counted =
        (by: Windows): Define =>
        (builder) => {
          const group = builder.stream('in', SERDES).groupByKey()
          group.windowedBy(by).count({ store: 'counts', retentionMs: Infinity })
        }
      const text = /store counts .*put .*(advanceMs|startMs).* back/s
      await expect(after(counted(windows), counted(others))).rejects.toThrow(text)
    })

    test('when sessions have another gap', async () => {
      const counted =
        (gapMs: number): Define =>
        (builder) => {
          const group = builder.stream('in', SERDES).groupByKey()
          group
            .windowedBy(SessionWindows.of({ gapMs }))
            .count({ store: 'counts', retentionMs: Infinity })
        }
      await expect(after(counted(5), counted(6))).rejects.toThrow(/store counts .*put gapMs back/s)
    })

    test('when a store is of another kind', () =>
      refused(
        COUNTED,
        (builder) => {
          const group = builder.stream('in', SERDES).groupByKey()
          group.windowedBy(TimeWindows.of({ sizeMs: 10 })).count({ store: 'counts' })
        },
        /store counts is .*kind: "window".*made for .*kind: "key-value".*put kind.* back.*docs\/evolution\.md/s,
      ))

    test('when a topic has more partitions', () =>
      refused(COUNTED, COUNTED, /store counts.*partitions: 3.*partitions: 2.*applicationId/s, {
        in: 3,
      }))

    test('when an operator moved to another sub-topology', () =>
      refused(
        COUNTED,
        (builder) => {
          builder.stream('other', SERDES).foreach(() => undefined)
          COUNTED(builder)
        },
        /place counts is .*subtopology: 1.*made for .*subtopology: 0.*define what is new behind/s,
      ))

    test('when an operator hangs under another topic', () =>
      refused(
        (builder) => {
          const merged = builder.stream('in', SERDES)
          const other = builder.stream('other', SERDES)
          merged.merge(other).foreach(() => undefined)
          merged.groupByKey().count({ store: 'counts' })
        },
        (builder) => {
          const merged = builder.stream('in', SERDES)
          const other = builder.stream('other', SERDES)
          merged.merge(other).foreach(() => undefined)
          other.groupByKey().count({ store: 'counts' })
        },
        /place counts is .*topic other.*made for .*topic in.*below these/s,
      ))

    test('when an operator hangs under another store', () => {
      const twice = (builder: StreamsBuilder) => {
        const stream = builder.stream('in', SERDES)
        return { stream, counts: stream.groupByKey().count({ store: 'counts' }).toStream() }
      }
      return refused(
        (builder) => {
          twice(builder).stream.groupByKey().count({ store: 'second' })
        },
        (builder) => {
          const { counts } = twice(builder)
          counts.groupByKey().count({ store: 'second' })
        },
        /place second is .*store counts.*made for/s,
      )
    })

    test('when a topic joined a sub-topology', () =>
      refused(
        (builder) => builder.stream('in', SERDES).foreach(() => undefined),
        (builder) => builder.stream(['in', 'other'], SERDES).foreach(() => undefined),
        /subtopology 0 is .*in.*other.*made for .*in.*delete \('subtopology', '0'\)/s,
      ))

    test('when a topic left a sub-topology', () =>
      refused(
        (builder) => builder.stream(['in', 'other'], SERDES).foreach(() => undefined),
        (builder) => builder.stream('in', SERDES).foreach(() => undefined),
        /subtopology 0 is .*in.*made for .*other/s,
      ))

    test('when a topic left with its sub-topology', () =>
      refused(
        (builder) => {
          COUNTED(builder)
          builder.stream('other', SERDES).foreach(() => undefined)
        },
        COUNTED,
        /subtopology 1 is not in the topology.*other/s,
      ))
  })
}
