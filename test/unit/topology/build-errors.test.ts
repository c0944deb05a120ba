import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { Optimization } from '../../../src/topology/graph/optimizations.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder, type StreamOptions } from '../../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../../src/topology/windows/session-windows.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'

const { string, int64 } = serdes
const source = { key: string, value: string }
const invalid = (message: string): unknown =>
  expect.objectContaining({ code: 'TOPOLOGY_INVALID', message: expect.stringContaining(message) })

function thrownBy(define: (builder: StreamsBuilder) => void): unknown {
  const builder = new StreamsBuilder()
  try {
    define(builder)
    builder.build()
  } catch (error) {
    return error
  }
  return undefined
}

test('a topology without a source is refused', () => {
  expect(thrownBy(() => undefined)).toEqual(invalid('at least one source'))
})

test('a name taken twice is refused where it is given: the error has what leads to both nodes', () => {
  const error = thrownBy((builder) =>
    builder
      .stream('in', { ...source, name: 'in' })
      .filter(() => true, { name: 'n' })
      .peek(() => undefined, { name: 'p' })
      .peek(() => undefined, { name: 'n' }),
  )
  expect(error).toEqual(invalid("two nodes are named 'n', in → n and in → n → p → n: give one"))
})

test('a store name taken twice is refused', () => {
  const error = thrownBy((builder) => {
    const group = builder.stream('in', { ...source, name: 'in' }).groupByKey()
    group.count({ store: 's', name: 'a' })
    group.count({ store: 's', name: 'b' })
  })
  expect(error).toEqual(invalid("two operators have a store named 's': in → a and in → b"))
})

test('two groups with one name are refused', () => {
  const error = thrownBy((builder) => {
    const input = builder.stream('in', source)
    input.groupBy((key) => key, { name: 'words' }).count()
    input.groupBy((key) => key, { name: 'words' }).count()
  })
  expect(error).toEqual(invalid("two nodes are named 'words'"))
})

test.each(['', '.', '..', 'a b', 'ü', 'x'.repeat(250)])("the name '%s' is refused", (name) => {
  expect(thrownBy((builder) => builder.stream('in', { ...source, name }))).toEqual(invalid('name'))
})

test('a topic that Kafka would not accept is refused', () => {
  const error = thrownBy((builder) => builder.stream('in', source).to('a topic'))
  expect(error).toEqual(invalid("the name 'a topic'"))
})

test('sources that overlap without being the same are refused', () => {
  const error = thrownBy((builder) => {
    builder.stream(['a', 'b'], source)
    builder.stream(['b', 'c'], source)
  })
  expect(error).toEqual(invalid('overlap'))
})

test('a source of no topics is refused', () => {
  const error = thrownBy((builder) => builder.stream([], { ...source, name: 'in' }))
  expect(error).toEqual(invalid('source in has no topics'))
})

test.each<[string, (builder: StreamsBuilder) => void]>([
  [
    "emitStrategy is 'on-window-update' or 'on-window-close', not 'onWindowClose'",
    (builder) => {
      const windows = builder.stream('in', source).groupByKey()
      windows.windowedBy(TimeWindows.of({ sizeMs: 5 })).emitStrategy('onWindowClose' as never)
    },
  ],
  [
    "emitStrategy is 'on-window-update' or 'on-window-close', not 'on-close'",
    (builder) => {
      const sessions = builder.stream('in', source).groupByKey()
      sessions.windowedBy(SessionWindows.of({ gapMs: 5 })).emitStrategy('on-close' as never)
    },
  ],
  [
    "whenFull of suppress is 'emit-early' or 'shut-down', not 'drop'",
    (builder) => {
      const whenFull = 'drop' as never
      builder.table('in', source).suppress({ until: 'time-limit', timeLimitMs: 5, whenFull })
    },
  ],
])('a word that means nothing is refused: %s', (message, define) => {
  expect(thrownBy(define)).toEqual(new TypeError(message))
})

test('the order of topics does not make a source another', () => {
  const error = thrownBy((builder) => {
    builder.stream(['a', 'b'], source)
    builder.stream(['b', 'a'], source)
  })
  expect(error).toBeUndefined()
})

test.each<[string, Partial<StreamOptions<string, string>>]>([
  ['value serdes', { value: serdes.json<string>() }],
  ['key serdes', { key: serdes.json<string>() }],
  ['offset resets', { offsetReset: 'latest' }],
  ['timestamp extractors', { timestampExtractor: () => 0 }],
])('sources of the same topics with different %s are refused', (difference, options) => {
  const error = thrownBy((builder) => {
    builder.stream('a', source)
    builder.stream('a', { ...source, ...options })
  })
  expect(error).toEqual(invalid(`different ${difference}`))
})

test.each([
  [1, undefined],
  [2, invalid('different offset resets')],
])(
  'a source that begins 1 ms ago is another than one that does %s ms ago, or not',
  (byDurationMs, expected) => {
    const error = thrownBy((builder) => {
      builder.stream('a', { ...source, offsetReset: { byDurationMs: 1 } })
      builder.stream('a', { ...source, offsetReset: { byDurationMs } })
    })
    expect(error).toEqual(expected)
  },
)

const FROM_THE_END = { ...source, offsetReset: 'latest' } as const

test.each<[string, (builder: StreamsBuilder) => void]>([
  ['table', (builder) => builder.globalTable('all', FROM_THE_END)],
  [
    'store',
    (builder) => {
      const rows = stores.keyValue({ name: 'rows', key: string, value: string })
      const options = { ...FROM_THE_END, name: 'rows' }
      builder.addGlobalStore(rows, 'all', () => undefined, options)
    },
  ],
])('a global %s that is not to begin where its topic does is refused', (_, define) => {
  expect(thrownBy(define)).toEqual(invalid('made of all of topic all, which is read from its'))
})

test('a mapped value that groupByKey has to repartition needs a serde: the error names the node and the remedy', () => {
  const define = (options: { value?: typeof int64 }) =>
    thrownBy((builder) => {
      const changed = builder.stream('in', source).map((key, value) => [key, BigInt(value.length)])
      const group = options.value
        ? changed.groupByKey({ value: options.value, name: 'g' })
        : changed.groupByKey({ name: 'g' })
      group.reduce((sum, value) => sum + value, { value: int64, store: 's' })
    })
  expect(define({})).toEqual(
    invalid(
      'node g-repartition-sink needs a value serde: pass { value: serdes.… } to groupBy, groupByKey or repartition',
    ),
  )
  expect(define({ value: int64 })).toBeUndefined()
})

test('a combined count needs no serde of values', () => {
  const error = thrownBy((builder) =>
    builder
      .stream('in', source)
      .map((key, value) => [key, value.length])
      .groupByKey()
      .count(),
  )
  expect(error).toBeUndefined()
})

test('merged streams with different serdes carry none', () => {
  const error = thrownBy((builder) => {
    const merged = builder
      .stream('a', source)
      .merge(builder.stream('b', { key: string, value: serdes.json<string>() }))
    merged.to('out')
  })
  expect(error).toEqual(invalid("needs a value serde: pass { value: serdes.… } to to('out', …)"))
})

test('streams of two builders cannot be merged', () => {
  const other = new StreamsBuilder().stream('b', source)
  expect(thrownBy((builder) => builder.stream('a', source).merge(other))).toEqual(
    invalid('same StreamsBuilder'),
  )
})

test('what is no function is refused where it is given', () => {
  const error = thrownBy((builder) => builder.stream('in', source).filter(undefined as never))
  expect(error).toEqual(new TypeError('filter takes a function, not undefined'))
})

test.each(['', 'a b', '..'])("the application id '%s' is refused", (applicationId) => {
  const builder = new StreamsBuilder()
  builder.stream('in', source).to('out')
  expect(() => builder.build().forApplication(applicationId)).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
  )
})

test('a topology does not change when its builder goes on', () => {
  const builder = new StreamsBuilder()
  builder.stream('a', source).to('out')
  const topology = builder.build()
  const description = topology.describe()
  builder.stream('b', source).to('out')
  expect(topology.describe()).toBe(description)
  expect(Object.isFrozen(topology)).toBe(true)
})

test('generated names of stores and repartition topics are refused when asked, and only these', () => {
  const builder = new StreamsBuilder()
  const stream = builder.stream('in', source)
  stream.groupBy((key) => key).count({ store: 'counts' })
  stream.groupBy((_, value) => value).count()
  builder.table('table', source).filter(() => true)
  stream.join(stream, (left) => left, { beforeMs: 1, afterMs: 1 })
  expect(() => builder.build()).not.toThrow()
  const message =
    'names are missing: stores (the option store) KSTREAM-AGGREGATE-STATE-STORE-0000000007, ' +
    'KSTREAM-JOINTHIS-0000000018-store, KSTREAM-JOINOTHER-0000000019-store; ' +
    'repartition topics (the option name) KSTREAM-AGGREGATE-STATE-STORE-0000000007-repartition'
  expect(() => builder.build({ ensureExplicitNames: true })).toThrow(
    expect.objectContaining({ code: 'TOPOLOGY_INVALID', message }),
  )
})

test('a topology with names of its own is not refused', () => {
  const builder = new StreamsBuilder()
  const stream = builder.stream('in', source)
  stream.groupBy((key) => key, { name: 'by-key' }).count({ store: 'counts' })
  stream.join(stream, (left) => left, { beforeMs: 1, afterMs: 1, store: 'near' })
  expect(() => builder.build({ ensureExplicitNames: true })).not.toThrow()
})

test('an optimisation that does not exist is refused', () => {
  const builder = new StreamsBuilder()
  builder.stream('in', source)
  const everything: unknown = ['everything']
  expect(() => builder.build({ optimize: everything as Optimization[] })).toThrow(
    expect.objectContaining({ message: expect.stringContaining("no optimisation 'everything'") }),
  )
})
