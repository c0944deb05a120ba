import { serdes } from '../../../../src/serdes/serdes.ts'
import type {
  GlobalKTable,
  KGroupedStream,
  KStream,
  KTable,
} from '../../../../src/topology/dsl/dsl.ts'
import { StreamsBuilder } from '../../../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../../../src/topology/windows/session-windows.ts'
import { TimeWindows } from '../../../../src/topology/windows/time-windows.ts'

const { string } = serdes
const SERDES = { key: string, value: string }
/** An operator that keeps a store keeps it under this name. */
const KEPT = { store: 'kept', value: string }
const NEAR = { beforeMs: 100, afterMs: 100, graceMs: 0 }

/** What a user's function calls first: it may throw. */
export type Trap = () => void

/** A topic that a topology reads, and a value for a record of it. */
export type Input = readonly [topic: 'in' | 'other' | 'table' | 'rows' | 'global', value: string]

/** An operator whose function may throw. */
export interface ThrowingOperator {
  readonly name: string
  /** What is piped in, a record each millisecond, all of one key. */
  readonly inputs: readonly Input[]
  /** Which of them calls the function, among others perhaps. */
  readonly calledBy: number
  readonly kept?: 'key-value' | 'window' | 'session'
  /** Whether rows are read for several records before they are processed: the function is called then as well. */
  readonly isAskedAhead?: boolean
  /** What its failures are called, unless `PROCESSING_FAILED`. */
  readonly code?: 'INVALID_TIMESTAMP'
  /** What it tells, and takes out of its store, before its function is called. */
  readonly losesFirst?: string
  /** Adds the operator, and answers the stream of what it makes, if it makes something. */
  readonly define: (sources: Sources, trap: Trap) => unknown
}

/** What an operator hangs under. */
export class Sources {
  readonly builder = new StreamsBuilder()

  stream(topic: 'in' | 'other' = 'in'): KStream<string, string> {
    return this.builder.stream(topic, SERDES)
  }

  group(topic: 'in' | 'other' = 'in'): KGroupedStream<string, string> {
    return this.stream(topic).groupByKey()
  }

  global(): GlobalKTable<string, string> {
    return this.builder.globalTable('global', SERDES)
  }

  table(topic: 'table' | 'rows' = 'table'): KTable<string, string | null> {
    return this.builder.table(topic, SERDES)
  }
}

const STREAM: readonly Input[] = [
  ['in', '1'],
  ['in', '2'],
  ['in', '3'],
]
const TABLE: readonly Input[] = [
  ['table', '1'],
  ['table', '2'],
  ['table', '3'],
]
const beside = (other: Input[0], main: Input[0] = 'in'): readonly Input[] => [
  [other, 'x'],
  [main, '1'],
  [main, '2'],
  [main, '3'],
]

const onStream = (
  name: string,
  define: ThrowingOperator['define'],
  kept?: ThrowingOperator['kept'],
): ThrowingOperator => ({ name, inputs: STREAM, calledBy: 1, define, ...(kept && { kept }) })
const onTable = (
  name: string,
  define: ThrowingOperator['define'],
  kept?: ThrowingOperator['kept'],
): ThrowingOperator => ({ name, inputs: TABLE, calledBy: 1, define, ...(kept && { kept }) })
const onTwo = (
  name: string,
  inputs: readonly Input[],
  define: ThrowingOperator['define'],
  kept?: ThrowingOperator['kept'],
): ThrowingOperator => ({ name, inputs, calledBy: 2, define, ...(kept && { kept }) })

/** As in Kafka Streams: sessions that become one are deleted and told before the record is added. */
const losingMerged = (operator: ThrowingOperator): ThrowingOperator => ({
  ...operator,
  losesFirst: '{"key":"k","start":0,"end":0}',
})

/** A function that calls the trap, then does what it would. */
const trapped =
  <Args extends readonly unknown[], R>(trap: Trap, fn: (...args: Args) => R) =>
  (...args: Args): R => {
    trap()
    return fn(...args)
  }

const yes = () => true
const keyOf = (key: string) => key
const joined = (a: string | null, b: string | null) => `${a}${b}`
const extracting = (trap: Trap) =>
  trapped(trap, ({ timestamp }: { readonly timestamp: number }) => timestamp)
const added = (_: unknown, value: string, aggregate: string) => aggregate + value
const merged = (_: unknown, a: string, b: string) => a + b
const removed = (_: unknown, value: string, aggregate: string) => aggregate.replace(value, '')
const empty = () => ''
const tumbling = TimeWindows.of({ sizeMs: 100 })
const sessions = SessionWindows.of({ gapMs: 100 })

const EDGES: readonly ThrowingOperator[] = [
  {
    ...onStream('the timestamp extractor of stream', (s, trap) =>
      s.builder.stream('in', { ...SERDES, timestampExtractor: extracting(trap) }),
    ),
    code: 'INVALID_TIMESTAMP',
  },
  {
    ...onTable('the timestamp extractor of table', (s, trap) =>
      s.builder.table('table', { ...SERDES, timestampExtractor: extracting(trap) }).toStream(),
    ),
    code: 'INVALID_TIMESTAMP',
  },
  onStream('the partitioner of to', (s, trap) =>
    s.stream().to('out', { ...SERDES, partitioner: trapped(trap, () => 0) }),
  ),
  onStream('the partitioner of repartition', (s, trap) =>
    s.stream().repartition({ ...SERDES, name: 'sent', partitioner: trapped(trap, () => 0) }),
  ),
  onStream('print', (s, trap) => s.stream().print({ mapper: trapped(trap, () => 'printed') })),
]

const STATELESS: readonly ThrowingOperator[] = [
  onStream('filter', (s, trap) => s.stream().filter(trapped(trap, yes))),
  onStream('filterNot', (s, trap) => s.stream().filterNot(trapped(trap, () => false))),
  onStream('map', (s, trap) => s.stream().map(trapped(trap, (k: string, v: string) => [k, v]))),
  onStream('mapValues', (s, trap) => s.stream().mapValues(trapped(trap, (v: string) => v))),
  onStream('mapValuesAsync', (s, trap) =>
    s.stream().mapValuesAsync(async (value) => {
      await Promise.resolve()
      trap()
      return value
    }),
  ),
  onStream('flatMap', (s, trap) =>
    s.stream().flatMap(trapped(trap, (k: string, v: string) => [[k, v] as const])),
  ),
  onStream('flatMapValues', (s, trap) =>
    s.stream().flatMapValues(trapped(trap, (v: string) => [v])),
  ),
  onStream('selectKey', (s, trap) => s.stream().selectKey(trapped(trap, (k: string) => k))),
  onStream('peek', (s, trap) => s.stream().peek(trap)),
  onStream('foreach', (s, trap) => s.stream().foreach(trap)),
  onStream('branch', (s, trap) => {
    const branches = s.stream().split().branch(trapped(trap, yes), { name: 'all' })
    return branches.noDefaultBranch().all
  }),
  onStream('to', (s, trap) => s.stream().to(trapped(trap, () => 'out'))),
  onStream('process', (s, trap) =>
    s.stream().process((record, context) => {
      trap()
      return context.forward(record)
    }),
  ),
  onStream('processValues', (s, trap) =>
    s.stream().processValues((record, context) => {
      trap()
      return context.forward(record)
    }),
  ),
]

const AGGREGATIONS: readonly ThrowingOperator[] = [
  onStream(
    'groupBy',
    (s, trap) =>
      s
        .stream()
        .groupBy(trapped(trap, (key: string) => key))
        .reduce(joined, KEPT)
        .toStream(),
    'key-value',
  ),
  onStream(
    'reduce',
    (s, trap) => s.group().reduce(trapped(trap, joined), KEPT).toStream(),
    'key-value',
  ),
  {
    ...onStream(
      'aggregate, init',
      (s, trap) =>
        s
          .group()
          .aggregate({ init: trapped(trap, empty), add: added, ...KEPT })
          .toStream(),
      'key-value',
    ),
    calledBy: 0,
  },
  onStream(
    'aggregate, add',
    (s, trap) =>
      s
        .group()
        .aggregate({ init: empty, add: trapped(trap, added), ...KEPT })
        .toStream(),
    'key-value',
  ),
  onStream(
    'aggregate, combine',
    (s, trap) =>
      s
        .stream()
        .groupBy(keyOf)
        .aggregate({ init: empty, add: added, combine: trapped(trap, joined), ...KEPT })
        .toStream(),
    'key-value',
  ),
  onStream(
    'reduce that is combined',
    (s, trap) =>
      s
        .stream()
        .groupBy(keyOf)
        .reduce(trapped(trap, joined), { combine: true, ...KEPT })
        .toStream(),
    'key-value',
  ),
  onStream(
    'cogroup',
    (s, trap) =>
      s
        .group()
        .cogroup<string>(trapped(trap, added))
        .aggregate({ init: empty, ...KEPT })
        .toStream(),
    'key-value',
  ),
  onStream(
    'reduce in windows',
    (s, trap) => s.group().windowedBy(tumbling).reduce(trapped(trap, joined), KEPT).toStream(),
    'window',
  ),
  onStream(
    'aggregate in windows',
    (s, trap) =>
      s
        .group()
        .windowedBy(tumbling)
        .aggregate({ init: empty, add: trapped(trap, added), ...KEPT })
        .toStream(),
    'window',
  ),
  losingMerged(
    onStream(
      'reduce in sessions',
      (s, trap) => s.group().windowedBy(sessions).reduce(trapped(trap, joined), KEPT).toStream(),
      'session',
    ),
  ),
  losingMerged(
    onStream(
      'aggregate in sessions, add',
      (s, trap) =>
        s
          .group()
          .windowedBy(sessions)
          .aggregate({ init: empty, add: trapped(trap, added), merge: merged, ...KEPT })
          .toStream(),
      'session',
    ),
  ),
  onStream(
    'aggregate in sessions, merge',
    (s, trap) =>
      s
        .group()
        .windowedBy(sessions)
        .aggregate({ init: empty, add: added, merge: trapped(trap, merged), ...KEPT })
        .toStream(),
    'session',
  ),
]

const STREAM_JOINS: readonly ThrowingOperator[] = [
  onTwo('join of streams', beside('other'), (s, trap) =>
    s.stream().join(s.stream('other'), trapped(trap, joined), NEAR),
  ),
  onTwo('leftJoin of streams', beside('other'), (s, trap) =>
    s.stream().leftJoin(s.stream('other'), trapped(trap, joined), NEAR),
  ),
  onTwo('outerJoin of streams', beside('other'), (s, trap) =>
    s.stream().outerJoin(s.stream('other'), trapped(trap, joined), NEAR),
  ),
  onTwo('join with a table', beside('table'), (s, trap) =>
    s.stream().join(s.table(), trapped(trap, joined)),
  ),
  {
    ...onTwo('join with a global table, selector', beside('global'), (s, trap) =>
      s.stream().join(s.global(), trapped(trap, keyOf), joined),
    ),
    isAskedAhead: true,
  },
  onTwo('join with a global table, joiner', beside('global'), (s, trap) =>
    s.stream().join(s.global(), keyOf, trapped(trap, joined)),
  ),
  onTwo('leftJoin with a table', beside('table'), (s, trap) =>
    s.stream().leftJoin(s.table(), trapped(trap, joined)),
  ),
  {
    ...onTwo('leftJoin with a global table, selector', beside('global'), (s, trap) =>
      s.stream().leftJoin(s.global(), trapped(trap, keyOf), joined),
    ),
    isAskedAhead: true,
  },
  onTwo('leftJoin with a global table, joiner', beside('global'), (s, trap) =>
    s.stream().leftJoin(s.global(), keyOf, trapped(trap, joined)),
  ),
]

const TABLE_JOINS: readonly ThrowingOperator[] = [
  onTwo(
    'join of tables',
    beside('rows', 'table'),
    (s, trap) => s.table().join(s.table('rows'), trapped(trap, joined), KEPT).toStream(),
    'key-value',
  ),
  onTwo(
    'leftJoin of tables',
    beside('rows', 'table'),
    (s, trap) => s.table().leftJoin(s.table('rows'), trapped(trap, joined), KEPT).toStream(),
    'key-value',
  ),
  onTwo(
    'outerJoin of tables',
    beside('rows', 'table'),
    (s, trap) => s.table().outerJoin(s.table('rows'), trapped(trap, joined), KEPT).toStream(),
    'key-value',
  ),
  onTwo(
    'join by a foreign key, extractor',
    beside('rows', 'table'),
    (s, trap) => {
      const options = { foreignKey: trapped(trap, () => 'k'), ...KEPT }
      return s.table().join(s.table('rows'), joined, options).toStream()
    },
    'key-value',
  ),
  onTwo(
    'join by a foreign key, joiner',
    beside('rows', 'table'),
    (s, trap) => {
      const options = { foreignKey: () => 'k', ...KEPT }
      return s.table().join(s.table('rows'), trapped(trap, joined), options).toStream()
    },
    'key-value',
  ),
  onTwo(
    'leftJoin by a foreign key, extractor',
    beside('rows', 'table'),
    (s, trap) => {
      const options = { foreignKey: trapped(trap, () => 'k'), ...KEPT }
      return s.table().leftJoin(s.table('rows'), joined, options).toStream()
    },
    'key-value',
  ),
  onTwo(
    'leftJoin by a foreign key, joiner',
    beside('rows', 'table'),
    (s, trap) => {
      const options = { foreignKey: () => 'k', ...KEPT }
      return s.table().leftJoin(s.table('rows'), trapped(trap, joined), options).toStream()
    },
    'key-value',
  ),
]

const TABLES: readonly ThrowingOperator[] = [
  onTable(
    'filter of a table',
    (s, trap) => s.table().filter(trapped(trap, yes), KEPT).toStream(),
    'key-value',
  ),
  onTable(
    'filterNot of a table',
    (s, trap) =>
      s
        .table()
        .filterNot(
          trapped(trap, () => false),
          KEPT,
        )
        .toStream(),
    'key-value',
  ),
  onTable(
    'mapValues of a table',
    (s, trap) =>
      s
        .table()
        .mapValues(
          trapped(trap, (value: string) => value),
          KEPT,
        )
        .toStream(),
    'key-value',
  ),
  onTable(
    'transformValues',
    (s, trap) =>
      s
        .table()
        .transformValues(() => trapped(trap, String), KEPT)
        .toStream(),
    'key-value',
  ),
  onTable('toStream', (s, trap) => s.table().toStream(trapped(trap, (key: string) => key))),
  onTable(
    'groupBy of a table',
    (s, trap) =>
      s
        .table()
        .groupBy(trapped(trap, (key: string, value: string) => [key, value] as const))
        .count({ store: 'kept' })
        .toStream(),
    'key-value',
  ),
  ...(['add', 'subtract'] as const).flatMap((which) => [
    onTable(
      `reduce of a grouped table, ${which}`,
      (s, trap) => {
        const nothing = () => undefined
        const add = trapped(which === 'add' ? trap : nothing, joined)
        const subtract = trapped(which === 'subtract' ? trap : nothing, (a: string) => a)
        return s
          .table()
          .groupBy((key, value) => [key, value])
          .reduce(add, subtract, KEPT)
          .toStream()
      },
      'key-value' as const,
    ),
    onTable(
      `aggregate of a grouped table, ${which}`,
      (s, trap) => {
        const functions = { add: added, subtract: removed }
        return s
          .table()
          .groupBy((key, value) => [key, value])
          .aggregate({
            init: empty,
            ...functions,
            [which]: trapped(trap, functions[which]),
            ...KEPT,
          })
          .toStream()
      },
      'key-value' as const,
    ),
  ]),
]

/** Every operator that takes a function, and each of the functions that it takes. */
export const THROWING_OPERATORS: readonly ThrowingOperator[] = [
  ...EDGES,
  ...STATELESS,
  ...AGGREGATIONS,
  ...STREAM_JOINS,
  ...TABLE_JOINS,
  ...TABLES,
]
