/** Checked by the compiler only: what the DSL infers, and where it asks for a serde. */
import type { Serde } from '../../src/serdes/serde.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { migrateFrom } from '../../src/stores/contract/store-migration.ts'
import type { KGroupedStream, KStream, KTable } from '../../src/topology/dsl/dsl.ts'
import type { MaybePromise } from '../../src/model/maybe-promise.ts'
import type { StreamRecord } from '../../src/model/stream-record.ts'
import type { ProcessorContext } from '../../src/topology/processor/processor-context.ts'
import type { KeyValueStore } from '../../src/topology/processor/state-store.ts'
import { stores, type StoreBuilder } from '../../src/topology/processor/store-builder.ts'
import type { Windowed } from '../../src/model/windowed.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../src/topology/windows/session-windows.ts'
import { SlidingWindows } from '../../src/topology/windows/sliding-windows.ts'
import { TimeWindows } from '../../src/topology/windows/time-windows.ts'
import { UnlimitedWindows } from '../../src/topology/windows/unlimited-windows.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Fails to compile unless the type of the value is exactly `Expected`. */
function is<Expected>() {
  return <Actual>(_value: Actual, _equal: Equal<Actual, Expected>): void => undefined
}

interface Order {
  readonly customer: string
  readonly amount: number
  readonly status: 'open' | 'paid'
}

const { string, int64, double, bytes, json } = serdes
const words = (line: string): string[] => line.split(' ')

// The example of the design.
const builder = new StreamsBuilder()
builder
  .stream('lines', { key: string, value: string })
  .flatMapValues(words)
  .groupBy((_, word) => word, { name: 'words' })
  .count({ store: 'counts' })
  .toStream()
  .to('word-counts', { value: int64 })

const lines = builder.stream(['a', 'b'], { key: string, value: string })
const orders = builder.stream('orders', { key: int64, value: json<Order>() })

// Types are inferred from serdes and functions.
is<KStream<string, string>>()(lines, true)
is<KStream<bigint, Order>>()(orders, true)
is<KStream<string, number, string, string>>()(
  lines.mapValues((line) => line.length),
  true,
)
is<KStream<string, number, string, string>>()(
  lines.mapValuesAsync((line, key) => Promise.resolve(line.length + key.length)),
  true,
)
is<KStream<string, number, string, string>>()(
  lines.mapValuesAsync((line) => line.length, { concurrency: 5, ordering: 'key' }),
  true,
)
is<KStream<string, number, string, string>>()(
  lines.map((key, line) => [key, line.length]),
  true,
)
is<KStream<string, 'x', string, string>>()(
  lines.flatMap((key) => [[key, 'x' as const]]),
  true,
)
is<KStream<number, string, string, string>>()(
  lines.selectKey((_, line) => line.length),
  true,
)
is<KStream<string, string>>()(
  lines.filter((key, line) => key === line).filterNot((_, line) => line === ''),
  true,
)
is<KStream<string, string>>()(lines.merge(lines), true)
is<KStream<string | bigint, string | Order, never, string & Order>>()(lines.merge(orders), true)
is<KGroupedStream<string, string>>()(lines.groupByKey(), true)
is<KTable<string, number>>()(lines.groupByKey().count(), true)

// A callback's order: (key, value), but (value, key) where only the value changes.
orders.filter((id, order) => id > 0n && order.amount > 0)
orders.mapValues((order, id) => `${id}: ${order.customer}`)
// @ts-expect-error a value has no method of a key
orders.filter((order) => order.customer === 'ann')

// What keeps the type keeps the serde.
lines.to('out')
lines.mapValues((line) => line.toUpperCase()).to('out')
lines
  .selectKey((_, line) => line)
  .groupByKey()
  .count()
  .toStream()
  .to('out')
orders.filter((_, order) => order.status === 'open').to('out')
orders
  .selectKey((_, order) => order.status)
  .mapValues(({ status }) => status)
  .to('out', { key: string, value: string })

// What changes it needs another, where one is needed at all.
lines.mapValues((line) => line.length).filter((_, length) => length > 3)
// @ts-expect-error the value is a number now
lines.mapValues((line) => line.length).to('out')
// @ts-expect-error the serde does not fit
lines.mapValues((line) => line.length).to('out', { value: string })
lines.mapValues((line) => line.length).to('out', { value: double })
lines.mapValues((line) => line.length).to('out', { value: int64 })
// @ts-expect-error the key is a number now
lines.selectKey((_, line) => line.length).to('out')
lines.selectKey((_, line) => line.length).to('out', { key: double })
// @ts-expect-error a serde of strings does not write all of these
lines.mapValues((line) => (line === '' ? 0 : line)).to('out', { value: string })
lines.mapValues((line) => (line === '' ? null : line)).to('out')
// @ts-expect-error neither serde fits both streams
lines.merge(orders).to('out')

// groupBy: the key it selects, the value that it may have to send.
lines.groupBy((_, line) => (line === '' ? null : line))
is<KGroupedStream<string, string>>()(
  lines.groupBy((_, line) => line),
  true,
)
is<KGroupedStream<number, string>>()(
  lines.groupBy((_, line) => line.length, { key: double }),
  true,
)
is<KGroupedStream<bigint, string>>()(
  lines.groupBy((_, line) => line.length, { key: int64 }),
  true,
)
is<KGroupedStream<'open' | 'paid', Order>>()(
  orders
    .selectKey(() => 'x')
    .mapValues((order) => order)
    .groupBy((_, { status }) => status, { key: json<Order['status']>() }),
  true,
)
// @ts-expect-error the key is a number, the serde one of strings
lines.groupBy((_, line) => line.length)
// @ts-expect-error the value is a number, the serde one of strings
lines.mapValues((line) => line.length).groupBy((key) => key)
lines.mapValues((line) => line.length).groupBy((key) => key, { value: double })
// @ts-expect-error reading gives bigint, not number
lines.mapValues((line) => line.length).groupBy((key) => key, { value: int64 })

// groupByKey: the key needs a serde, the value only where it is kept.
// @ts-expect-error the key is a number now
lines.selectKey((_, line) => line.length).groupByKey()
lines
  .selectKey((_, line) => line.length)
  .groupByKey({ key: double })
  .count()
const lengths = lines.mapValues((line) => line.length)
lengths.groupByKey().count()
// @ts-expect-error the store needs a serde of numbers
lengths.groupByKey().reduce((sum, length) => sum + length)
lengths.groupByKey().reduce((sum, length) => sum + length, { value: double })
lengths.groupByKey({ value: double }).reduce((sum, length) => sum + length)

// Tables say whether rows can be deleted.
is<KTable<string, string>>()(
  lines.groupByKey().reduce((a, b) => a + b),
  true,
)
is<KTable<string, string | null>>()(
  lines.groupByKey().reduce((a, b) => (a === b ? null : b)),
  true,
)
const total = (_: bigint, order: Order, sum: number) => sum + order.amount
is<KTable<bigint, number>>()(
  orders.groupByKey().aggregate({ init: () => 0, add: total, value: double }),
  true,
)
is<KTable<bigint, number | null>>()(
  orders.groupByKey().aggregate({
    init: () => 0,
    add: (_, order, sum) => (order.status === 'paid' ? null : sum),
    value: double,
  }),
  true,
)
// @ts-expect-error init does not give what the serde holds
orders.groupByKey().aggregate({ init: () => '', add: total, value: double })
// @ts-expect-error an aggregate has no serde but the one given
orders.groupByKey().aggregate({ init: () => 0, add: total })
orders
  .groupByKey()
  .aggregate({ init: () => 0n, add: (_, order, sum) => sum + BigInt(order.amount), value: int64 })
is<KStream<bigint, number>>()(orders.groupByKey().count().toStream(), true)
is<KStream<string, string | null, string, string>>()(
  lines
    .groupByKey()
    .reduce(() => null)
    .toStream(),
  true,
)

// A function that takes a stream, with the serdes that fit its types.
const shout = (stream: KStream<string, string>): KStream<string, string> =>
  stream.mapValues((line) => `${line}!`)
shout(lines)
const numbersAsText = builder.stream('numbers', { key: string, value: double }).mapValues(String)
// @ts-expect-error the values are strings, the serde that travels is one of numbers
shout(numbersAsText)
// @ts-expect-error options of a source need both serdes
builder.stream('in', { key: string })
const raw: Serde<Uint8Array> = bytes
builder.stream('in', {
  key: raw,
  value: raw,
  offsetReset: 'latest',
  timestampExtractor: ({ value }) => value.length,
})

// Branches are streams by name.
const sizes = orders
  .split({ name: 'sizes' })
  .branch((_, { amount }) => amount > 100, { name: 'large' })
  .branch((id) => id === 0n, { name: 'first' })
is<Readonly<Record<'large' | 'first', KStream<bigint, Order>>>>()(sizes.noDefaultBranch(), true)
is<Readonly<Record<'large' | 'first' | 'default', KStream<bigint, Order>>>>()(
  sizes.defaultBranch(),
  true,
)
sizes.defaultBranch({ name: 'small' }).small.to('small')
// @ts-expect-error there is no such branch
void sizes.noDefaultBranch().small

// What is repartitioned has serdes of its own types from then on.
is<KStream<string, string>>()(lines.repartition(), true)
is<KStream<number, string>>()(
  lines.selectKey((_, line) => line.length).repartition({ key: double, partitions: 3 }),
  true,
)
is<KStream<string, number>>()(
  lines.mapValues((line) => line.length).repartition({ value: double, name: 'lengths' }),
  true,
)
// @ts-expect-error the value is a number now
lines.mapValues((line) => line.length).repartition({ name: 'lengths' })

// What ends a stream gives nothing.
is<void>()(
  lines.foreach((key, line) => void [key, line]),
  true,
)
is<void>()(
  orders.print({ label: 'orders', mapper: (id, { customer }) => `${id} ${customer}` }),
  true,
)

// Joins of streams: what a side may lack is null, and the serdes of what functions made are asked for.
const near = { beforeMs: 1_000, afterMs: 0, graceMs: 500 }
is<KStream<string, number, string, never>>()(
  lines.join(lines, (one, other, key) => one.length + other.length + key.length, near),
  true,
)
lines.leftJoin(
  lines,
  (one, other) => {
    is<string>()(one, true)
    is<string | null>()(other, true)
    return one
  },
  near,
)
lines.outerJoin(
  lines,
  (one, other) => {
    is<string | null>()(one, true)
    is<string | null>()(other, true)
    return one ?? other
  },
  near,
)
const lineLengths = lines.mapValues((line) => line.length)
lines.join(lineLengths, (line, length) => line.slice(length), { ...near, otherValue: double })
// @ts-expect-error the values of the other stream are numbers now
lines.join(lineLengths, (line, length) => line.slice(length), near)
// @ts-expect-error a join needs a window
lines.join(lines, (one) => one)
// @ts-expect-error the keys are not of one type
lines.join(orders, (line) => line, near)
// @ts-expect-error what a joiner makes has no serde yet
lines.join(lines, (one) => one, near).to('out')

// Joins by foreign key.
const customersByName = builder.table('customers', { key: string, value: string })
const ordersById = builder.table('orders-by-id', { key: int64, value: json<Order>() })
is<KTable<bigint, string | null, bigint, Order>>()(
  ordersById.join(customersByName, (order, customer) => customer + order.amount, {
    foreignKey: (order) => order.customer,
  }),
  true,
)
is<KTable<bigint, string | null, bigint, string>>()(
  ordersById.leftJoin(customersByName, (order, customer) => customer ?? order.customer, {
    foreignKey: (order, id) => (id > 0n ? order.customer : null),
    store: 'named-orders',
    value: string,
  }),
  true,
)
// @ts-expect-error the foreign key is no key of the other table
ordersById.join(customersByName, (order) => order, { foreignKey: (order) => order.amount })
// @ts-expect-error tables with keys of different types are joined by foreign key
ordersById.join(customersByName, (order) => order)

// What is held back is the same table.
is<KTable<bigint, Order | null, bigint, Order>>()(
  ordersById.suppress({ until: 'time-limit', timeLimitMs: 1_000, maxRecords: 10 }),
  true,
)
// @ts-expect-error until when?
ordersById.suppress({ timeLimitMs: 1_000 })
// @ts-expect-error the values are numbers now
ordersById.mapValues(({ amount }) => amount).suppress({ until: 'window-closes' })
// Processors: what they forward is what they say, by default what they get.
const totals = stores.keyValue({ name: 'totals', key: int64, value: double })
const seenAt = stores.timestampedKeyValue({ name: 'seen-at', key: int64, value: string })
is<StoreBuilder<KeyValueStore<bigint, number>>>()(totals, true)
is<KStream<bigint, Order>>()(
  orders.process((record, context) => {
    is<Order>()(record.value, true)
    return context.forward(record)
  }),
  true,
)
is<KStream<bigint, number, bigint, Order>>()(
  orders.processValues<number>(
    async (record, context) => {
      is<number | undefined>()(await context.store(totals).get(record.key), true)
      for await (const [key, entry] of context.store(seenAt).range()) {
        is<bigint>()(key, true)
        is<number>()(entry.timestamp, true)
      }
      // @ts-expect-error the store keeps numbers
      context.store(totals).put(record.key, 'x')
      // @ts-expect-error it forwards numbers
      void context.forward(record)
      await context.forward({ ...record, value: record.value.amount })
    },
    { stores: [totals, seenAt] },
  ),
  true,
)
// Or what their context says, whichever way they are handed over.
const amounts = (
  record: StreamRecord<bigint, Order>,
  context: ProcessorContext<bigint, number>,
): MaybePromise => context.forward({ ...record, value: record.value.amount })
class Customers {
  #context!: ProcessorContext<string, number>

  init(context: ProcessorContext<string, number>): void {
    this.#context = context
  }

  process(record: StreamRecord<bigint, Order>): MaybePromise {
    const { customer, amount } = record.value
    return this.#context.forward({ ...record, key: customer, value: amount })
  }
}
is<KStream<bigint, number, bigint, Order>>()(orders.process(amounts), true)
is<KStream<bigint, number, bigint, Order>>()(orders.processValues(amounts), true)
is<KStream<bigint, number, bigint, Order>>()(
  orders.processValues((record, context: ProcessorContext<bigint, number>) =>
    context.forward({ ...record, value: record.value.amount }),
  ),
  true,
)
is<KStream<string, number, bigint, Order>>()(orders.process({ get: () => new Customers() }), true)
// @ts-expect-error a processor that changes keys
orders.processValues({ get: () => new Customers() })
// @ts-expect-error the value is a number now
orders.processValues<number>(() => undefined).to('out')

// Windows: keys have their window, values are inferred as without one.
const clicks = builder.stream('clicks', { key: string, value: json<Order>() }).groupByKey()
const perMinute = clicks.windowedBy(TimeWindows.of({ sizeMs: 60_000 }))
is<KTable<Windowed<string>, number>>()(perMinute.count(), true)
is<KTable<Windowed<string>, number>>()(
  perMinute.aggregate({ init: () => 0, add: (_, order, sum) => sum + order.amount, value: double }),
  true,
)
is<KTable<Windowed<string>, Order>>()(
  perMinute.emitStrategy('on-window-close').reduce((one) => one),
  true,
)
is<KTable<Windowed<string>, Order | null>>()(
  clicks.windowedBy(SlidingWindows.of({ differenceMs: 10 })).reduce(() => null),
  true,
)
is<KTable<Windowed<string>, number>>()(clicks.windowedBy(UnlimitedWindows.of()).count(), true)
// Sessions that are merged away become tombstones, so that null is among their values.
const sessions = clicks.windowedBy(SessionWindows.of({ gapMs: 60_000 }))
is<KTable<Windowed<string>, number | null>>()(sessions.count(), true)
is<KTable<Windowed<string>, string | null>>()(
  sessions.aggregate({
    init: () => '',
    add: (key, order, text) => key + order.status + text,
    merge: (key, one, other) => key + one + other,
    value: string,
  }),
  true,
)
// The serde of a windowed key travels along; a reader elsewhere needs it again.
perMinute.count().toStream().to('per-minute', { value: int64 })
is<KStream<Windowed<string>, bigint>>()(
  builder.stream('per-minute', { key: serdes.timeWindowed(string, 60_000), value: int64 }),
  true,
)
// @ts-expect-error what aggregates into sessions has to say how two of them become one
sessions.aggregate({ init: () => '', add: (_, order) => order.status, value: string })
const mapped = lines.mapValues((line) => line.length).groupByKey()
// @ts-expect-error the value was mapped: its serde does not fit any more
mapped.windowedBy(TimeWindows.of({ sizeMs: 1 })).reduce((sum) => sum)

// Cogroups: streams with different values, one aggregate of all.
const revenue = clicks
  .cogroup((_, order, sum: number) => sum + order.amount)
  .cogroup(lines.groupByKey(), (_, line, sum) => sum + line.length)
is<KTable<string, number | null>>()(revenue.aggregate({ init: () => 0, value: double }), true)
is<KTable<Windowed<string>, number | null>>()(
  revenue.windowedBy(TimeWindows.of({ sizeMs: 1 })).aggregate({ init: () => 0, value: double }),
  true,
)
is<KTable<Windowed<string>, number | null>>()(
  revenue
    .windowedBy(SessionWindows.of({ gapMs: 1 }))
    .aggregate({ init: () => 0, merge: (_, one, other) => one + other, value: double }),
  true,
)

// A versioned table is a table.
is<KTable<string, string | null>>()(
  builder.table('rates', { key: string, value: string, versioned: { historyRetentionMs: 1_000 } }),
  true,
)
// @ts-expect-error a history has a length
builder.table('rates', { key: string, value: string, versioned: {} })

// A migration knows the rows of its store.
const counted = lines.groupByKey()
counted.count({
  store: 'counts-2',
  version: 2,
  migrate: ({ key, value, timestamp }, from) => {
    is<string>()(key, true)
    is<number>()(value, true)
    is<number>()(from, true)
    return value > 0 ? { value: value - 1, timestamp } : undefined
  },
})
// @ts-expect-error: a count is a number.
counted.count({ store: 'counts-3', version: 2, migrate: ({ key }) => ({ value: key }) })
counted.aggregate({
  init: (): Order => ({ customer: '', amount: 0, status: 'open' }),
  add: (customer, _, { amount, status }) => ({ customer, amount: amount + 1, status }),
  value: json<Order>(),
  store: 'orders-2',
  version: 2,
  migrate: migrateFrom(int64, ({ key, value }) => {
    is<string>()(key, true)
    is<bigint>()(value, true)
    return { value: { customer: key, amount: Number(value), status: 'open' } }
  }),
})
counted.reduce((last) => last, {
  store: 'last-2',
  version: 2,
  // @ts-expect-error: the store has strings.
  migrate: migrateFrom(int64, ({ value }) => ({ value })),
})
builder.table('prices-2', {
  key: string,
  value: double,
  store: 'prices-2',
  version: 2,
  migrate: ({ value, window }) => {
    is<number>()(value, true)
    return window ? undefined : { value }
  },
})
