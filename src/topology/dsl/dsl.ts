import type { Windowed } from '../../model/windowed.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { StoreMigration } from '../../stores/contract/store-migration.ts'
import type { ProcessorFunction, ProcessorSupplier } from '../processor/processor.ts'
import type { StoreBuilder } from '../processor/store-builder.ts'
import type { KeyValue, StreamPartitioner, TopicNameExtractor } from '../processing/functions.ts'
import type { SessionWindows } from '../windows/session-windows.ts'
import type { SlidingWindows } from '../windows/sliding-windows.ts'
import type { TimeWindows } from '../windows/time-windows.ts'
import type { UnlimitedWindows } from '../windows/unlimited-windows.ts'
import type {
  NodeOptions,
  OptionsParameter,
  Partitioned,
  Reads,
  SerdeOption,
  StoreOptions,
  VersionedRows,
  WindowedStoreOptions,
  Writes,
} from './options.ts'

declare const carried: unique symbol

/**
 * A stream of records.
 *
 * `K` and `V` are the types of keys and values. The serdes of the source travel with the stream;
 * `KC` and `VC` are the types that they read and write. An operator that needs a serde takes the
 * one that travels, or the one in its options; where a function has changed the type, the compiler
 * requires the option.
 *
 * Null keys and values of Kafka's records reach the functions of operators without state, as in Kafka Streams: a topic with
 * tombstones needs a `filter`. What these make of a record has its timestamp and its headers; joins, aggregates and processors
 * say what theirs have. Functions must be pure: after a failure they run again.
 */
export interface KStream<K, V, KC = K, VC = V> {
  /**
   * For the compiler only, there is no such property: streams with different serdes are different
   * types.
   */
  readonly [carried]?: (key: KC, value: VC) => readonly [KC, VC]

  /**
   * Keeps records of which the predicate is true, with null keys and values too. Key, partition, timestamp and headers stay.
   *
   * @example
   * ```ts
   * lines.filter((key, line) => line !== '')
   * // in : ('a', 'x') ('b', '')
   * // out: ('a', 'x')
   * ```
   */
  filter(predicate: (key: K, value: V) => boolean, options?: NodeOptions): KStream<K, V, KC, VC>

  /**
   * Keeps records of which the predicate is false. Nulls, key, partition, timestamp and headers as by {@link KStream.filter}.
   *
   * @example
   * ```ts
   * lines.filterNot((key, line) => line === '')
   * // in : ('a', 'x') ('b', '')
   * // out: ('a', 'x')
   * ```
   */
  filterNot(predicate: (key: K, value: V) => boolean, options?: NodeOptions): KStream<K, V, KC, VC>

  /**
   * Replaces key and value; null keys and values reach the mapper, and it may give them. Timestamp and headers stay. The record
   * stays in its partition, but its key may have changed: a later aggregation repartitions first.
   *
   * @example
   * ```ts
   * orders.map((id, order) => [order.customer, order.total])
   * // in : ('o1', { customer: 'ann', total: 5 })
   * // out: ('ann', 5)
   * ```
   */
  map<K2, V2>(
    mapper: (key: K, value: V) => KeyValue<K2, V2>,
    options?: NodeOptions,
  ): KStream<K2, V2, KC, VC>

  /**
   * Replaces the value; a null value is handed to the mapper as any other. Key, partition, timestamp and headers stay.
   *
   * @example
   * ```ts
   * lines.mapValues((line) => line.length)
   * // in : ('a', 'kafka')
   * // out: ('a', 5)
   * ```
   */
  mapValues<V2>(mapper: (value: V, key: K) => V2, options?: NodeOptions): KStream<K, V2, KC, VC>

  /**
   * Replaces the value by what a promise brings, as a call to another service does; key, partition, timestamp and headers stay. A
   * null value is handed to the function as any other.
   *
   * Several calls are under way at once. Results go on in the order of the records, or, where `ordering` is `'key'`, in that of the
   * records of each key: its calls are made one after the other, and a result may overtake one of another key, and come late to
   * windows below. The same key are objects with the same fields in any order, and the same bytes; a key that holds a function or a
   * symbol fails. When as many records as `concurrency` are under way no more are taken. A commit waits for the calls that are under
   * way, whichever task's of the instance: `timeoutMs` bounds that. After a crash records that were not committed are called for
   * again: state and output are exactly-once, calls are at-least-once.
   *
   * A promise that is rejected, or that takes too long, is a `PROCESSING_FAILED` of its record, for `onError.processing` to decide.
   *
   * @throws TypeError when `concurrency` is no whole number above 0, `timeoutMs` is no number above 0, or `ordering` is another.
   *
   * @example
   * ```ts
   * const rateOf = async (currency: string) => (currency === 'EUR' ? 1.1 : 1) // asks another service
   * orders.mapValuesAsync(async (order) => ({ ...order, rate: await rateOf(order.currency) }), {
   *   concurrency: 50,
   *   ordering: 'key',
   * })
   * // in : ('o1', { currency: 'EUR' })
   * // out: ('o1', { currency: 'EUR', rate: 1.1 })
   * ```
   */
  mapValuesAsync<V2>(
    mapper: (value: V, key: K) => V2 | PromiseLike<V2>,
    options?: AsyncOptions,
  ): KStream<K, V2, KC, VC>

  /**
   * Replaces a record by any number of keys and values, none included; all have its timestamp and its headers. Null keys and
   * values reach the mapper, and it may give them. They stay in the record's partition, but the key may have changed: a later
   * aggregation repartitions first.
   *
   * @example
   * ```ts
   * orders.flatMap((id, order) => order.items.map((item) => [item, order.customer]))
   * // in : ('o1', { customer: 'ann', items: ['tea', 'milk'] })
   * // out: ('tea', 'ann') ('milk', 'ann')
   * ```
   */
  flatMap<K2, V2>(
    mapper: (key: K, value: V) => Iterable<KeyValue<K2, V2>>,
    options?: NodeOptions,
  ): KStream<K2, V2, KC, VC>

  /**
   * Replaces a value by any number of values, none included; a null value is handed to the mapper as any other. All have the key,
   * partition, timestamp and headers of the record.
   *
   * @example
   * ```ts
   * lines.flatMapValues((line) => line.split(' '))
   * // in : ('a', 'kafka sql')
   * // out: ('a', 'kafka') ('a', 'sql')
   * ```
   */
  flatMapValues<V2>(
    mapper: (value: V, key: K) => Iterable<V2>,
    options?: NodeOptions,
  ): KStream<K, V2, KC, VC>

  /**
   * Replaces the key; null keys and values reach the selector, and it may give null. Value, timestamp and headers stay. So does
   * the partition, until a later aggregation, which repartitions first.
   *
   * @example
   * ```ts
   * orders.selectKey((id, order) => order.customer)
   * // in : ('o1', { customer: 'ann', total: 5 })
   * // out: ('ann', { customer: 'ann', total: 5 })
   * ```
   */
  selectKey<K2>(selector: (key: K, value: V) => K2, options?: NodeOptions): KStream<K2, V, KC, VC>

  /**
   * Shows key and value of each record to a function, null or not, and hands it on: key, partition, timestamp and headers stay.
   * Side effects are outside any guarantee: they happen again when a commit is repeated.
   *
   * @example
   * ```ts
   * lines.peek((key, line) => process.stdout.write(`${key} is ${line}\n`))
   * // in  : ('a', 'kafka')
   * // text: a is kafka
   * // out : ('a', 'kafka')
   * ```
   */
  peek(action: (key: K, value: V) => void, options?: NodeOptions): KStream<K, V, KC, VC>

  /**
   * Shows key and value of each record to a function, null or not, and ends here. Partition, timestamp and headers are not shown.
   * Side effects are outside any guarantee, as in {@link peek}.
   *
   * @example
   * ```ts
   * orders.foreach((id, order) => process.stdout.write(`${id} costs ${order.total}\n`))
   * // in  : ('o1', { total: 5 })
   * // text: o1 costs 5
   * ```
   */
  foreach(action: (key: K, value: V) => void, options?: NodeOptions): void

  /**
   * Prints key and value of each record on a line of its own, null as `null`, and ends here: for trying things out. Partition,
   * timestamp and headers are not printed.
   *
   * @example
   * ```ts
   * lines.print({ label: 'lines' })
   * // in  : ('a', 'kafka')
   * // text: [lines]: a, kafka
   * ```
   */
  print(options?: PrintOptions<K, V>): void

  /**
   * Splits the stream: each record goes to the first branch whose predicate is true of it, and to no
   * other. Null keys and values reach the predicates; keys, values, partitions, timestamps and headers stay.
   *
   * @param options The name of the node; those of the branches begin with it.
   *
   * @example
   * ```ts
   * const { large, small } = orders
   *   .split()
   *   .branch((id, order) => order.total > 100, { name: 'large' })
   *   .defaultBranch({ name: 'small' })
   * // in   : ('o1', { total: 500 }) ('o2', { total: 5 })
   * // large: ('o1', { total: 500 })
   * // small: ('o2', { total: 5 })
   * ```
   */
  split(options?: NodeOptions): BranchedKStream<K, V, KC, VC>

  /**
   * The records of both streams as they are, in no particular order between them: keys, null or not, timestamps and headers stay.
   * So do partitions: partition n of both is one task's. A serde travels on where both streams carry the same.
   *
   * @example
   * ```ts
   * mobile.merge(web)
   * // mobile: ('ann', 'tap')
   * // web   : ('bob', 'click')
   * // out   : ('ann', 'tap') ('bob', 'click')
   * ```
   */
  merge<K2, V2, KC2, VC2>(
    other: KStream<K2, V2, KC2, VC2>,
    options?: NodeOptions,
  ): KStream<K | K2, V | V2, KC & KC2, VC & VC2>

  /**
   * Joins each record with every record of another stream that has the same key and a time near
   * its own.
   *
   * Null keys and null values are dropped and counted. The result has the later of both timestamps
   * and the headers of the record that came last. Records of both streams are kept as long as
   * `beforeMs + afterMs + graceMs` after the newest of their stream; who comes later than that finds
   * nothing. Where the key of a stream may have changed it is repartitioned, through
   * `<applicationId>-<name>-left-repartition` or `-right-repartition`; both streams must be partitioned alike, which is checked
   * at start.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the other stream is of another builder.
   * @example
   * ```ts
   * clicks.join(views, (click, view) => `${click} in ${view}`, { beforeMs: 5_000, afterMs: 0 })
   * // views : ('ann', 'home') at 1 s
   * // clicks: ('ann', 'buy') at 3 s, ('ann', 'back') at 9 s
   * // out   : ('ann', 'buy in home') at 3 s
   * ```
   */
  join<V2, VC2, R>(
    other: KStream<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>, key: NonNullable<K>) => R,
    options: StreamJoinOptions<K, V, V2, KC, VC, VC2>,
  ): KStream<NonNullable<K>, R, KC, never>

  /**
   * Joins each record with the row that a table has for its key when the record comes. Changes of the table cause nothing.
   *
   * Records with a null key or a null value, and those that find no row, are left out; the first two are counted. Timestamps,
   * headers and partitions stay. Where the key may have changed, the stream is repartitioned first, through
   * `<applicationId>-<name>-repartition`; stream and table must be partitioned alike, which is checked at start.
   *
   * With a versioned table it is the row of the record's time. Rows of that time may come later than the record; `graceMs` has
   * records wait for them, in a store. They leave in the order of time, when a record has come that is later by the grace period.
   * A record that comes later than that is joined at once; one without a key cannot wait, and fails.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the table is of another builder, or a grace period is given and the table is
   * not versioned or has a shorter history.
   * @example
   * ```ts
   * orders.join(prices, (order, price) => order.amount * price)
   * // prices: ('tea', 2)
   * // orders: ('tea', { amount: 3 }) ('milk', { amount: 1 })
   * // out   : ('tea', 6)
   * ```
   * @example
   * ```ts
   * orders.join(prices, (order, price) => order.amount * price, { graceMs: 10_000 })
   * // orders: ('tea', { amount: 3 }) at 5 s
   * // prices: ('tea', 2) at 4 s
   * // orders: ('tea', { amount: 1 }) at 15 s
   * // out   : ('tea', 6) at 5 s
   * ```
   */
  join<K2 extends K, V2, VC2, R>(
    table: KTable<K2, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>, key: NonNullable<K>) => R,
    options?: TableJoinOptions<K, V>,
  ): KStream<NonNullable<K>, R, KC, never>

  /**
   * Joins each record with the row that a global table has for a key made of the record, whatever partition that row came from.
   *
   * Records with a null value, those whose selected key is null, and those that find no row, are left out; the first two are
   * counted. Key, timestamp, headers and partition of the record stay, and nothing is repartitioned.
   *
   * @example
   * ```ts
   * orders.join(customers, (id, order) => order.customer, (order, customer) => `${customer.name}: ${order.amount}`)
   * // customers: ('c1', { name: 'Ann' })
   * // orders   : ('o1', { customer: 'c1', amount: 3 })
   * // out      : ('o1', 'Ann: 3')
   * ```
   */
  join<K2, V2, R>(
    table: GlobalKTable<K2, V2>,
    selector: (key: K, value: V) => K2 | null | undefined,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>, key: K) => R,
    options?: NodeOptions,
  ): KStream<K, R, KC, never>

  /**
   * As {@link KStream.join}, and records of this stream that find no partner are joined with null.
   *
   * They go on when their window is closed and grace is over: with the first record of either stream
   * that is late enough, with their own timestamps and the headers of that record. A record that has a value but no key goes on at
   * once, as does one that is too late for a partner to come. Where streams are repartitioned, those without a key go to any
   * partition.
   *
   * @example
   * ```ts
   * clicks.leftJoin(views, (click, view) => `${click} in ${view ?? 'nowhere'}`, { beforeMs: 5_000, afterMs: 0 })
   * // views : ('ann', 'home') at 1 s
   * // clicks: ('ann', 'buy') at 3 s, ('ann', 'back') at 9 s, ('bob', 'buy') at 10 s
   * // out   : ('ann', 'buy in home') at 3 s, ('ann', 'back in nowhere') at 9 s
   * ```
   */
  leftJoin<V2, VC2, R>(
    other: KStream<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null, key: K) => R,
    options: StreamJoinOptions<K, V, V2, KC, VC, VC2>,
  ): KStream<K, R, KC, never>

  /**
   * As {@link KStream.join} with a table, and records that find no row, or have no key, are joined with null; partition, timestamp
   * and headers stay. One without a key goes through a repartition as well, to any partition.
   *
   * @example
   * ```ts
   * orders.leftJoin(prices, (order, price) => order.amount * (price ?? 1))
   * // prices: ('tea', 2)
   * // orders: ('tea', { amount: 3 }) ('milk', { amount: 1 })
   * // out   : ('tea', 6) ('milk', 1)
   * ```
   */
  leftJoin<K2 extends K, V2, VC2, R>(
    table: KTable<K2, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null, key: K) => R,
    options?: TableJoinOptions<K, V>,
  ): KStream<K, R, KC, never>

  /**
   * As {@link KStream.join} with a global table, and records that find no row, or whose selected key is null, are joined with null.
   * Key, partition, timestamp and headers stay.
   *
   * @example
   * ```ts
   * orders.leftJoin(customers, (id, order) => order.customer, (order, customer) => customer?.name ?? 'nobody')
   * // customers: ('c1', { name: 'Ann' })
   * // orders   : ('o1', { customer: 'c1' }) ('o2', { customer: 'c2' })
   * // out      : ('o1', 'Ann') ('o2', 'nobody')
   * ```
   */
  leftJoin<K2, V2, R>(
    table: GlobalKTable<K2, V2>,
    selector: (key: K, value: V) => K2 | null | undefined,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null, key: K) => R,
    options?: NodeOptions,
  ): KStream<K, R, KC, never>

  /**
   * As {@link KStream.leftJoin}, and records of the other stream that find no partner, or have no key, are joined with
   * null as well. Keys and partitions stay; records without a partner keep their timestamps, and have the headers of the record
   * that let them go.
   *
   * @example
   * ```ts
   * bids.outerJoin(asks, (bid, ask) => `${bid}/${ask}`, { beforeMs: 1_000, afterMs: 1_000, graceMs: 500 })
   * // bids: ('tea', 5) at 0 s
   * // asks: ('tea', 6) at 4 s
   * // bids: ('tea', 7) at 9 s
   * // out : ('tea', '5/null') at 0 s, when the ask came, ('tea', 'null/6') at 4 s, when the second bid came
   * ```
   */
  outerJoin<V2, VC2, R>(
    other: KStream<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V> | null, other: NonNullable<V2> | null, key: K) => R,
    options: StreamJoinOptions<K, V, V2, KC, VC, VC2>,
  ): KStream<K, R, KC, never>

  /**
   * Groups by the key there is. Repartitions only where an operator above may have changed the key,
   * through the topic `<applicationId>-<name>-repartition`, with the name given here or else the
   * store's. Keys, timestamps and headers stay. Records with a null key are dropped and counted there or by the aggregate, which
   * has its own way with null values.
   *
   * A value that went through `mapValues`, `flatMapValues`, `map` or `flatMap` needs a serde here
   * if it has to be repartitioned.
   *
   * @example
   * ```ts
   * orders.groupByKey().count()
   * // in : ('ann', { total: 5 }) ('ann', { total: 7 })
   * // out: ('ann', 1) ('ann', 2)
   * ```
   */
  groupByKey(
    options: NodeOptions &
      SerdeOption<'key', K, KC, Serde<NonNullable<K>>> & { readonly value: Serde<NonNullable<V>> },
  ): KGroupedStream<K, V, NonNullable<V>>
  groupByKey(
    ...options: OptionsParameter<NodeOptions & SerdeOption<'key', K, KC, Serde<NonNullable<K>>>>
  ): KGroupedStream<K, V, VC>

  /**
   * Groups by a new key; always repartitions, through `<applicationId>-<name>-repartition`, with
   * the name given here or else the store's. Records whose new key is null are dropped and counted;
   * timestamps and headers travel along.
   *
   * @example
   * ```ts
   * words.groupBy((_, word) => word, { name: 'words' }).count({ store: 'counts' })
   * // in : ('a', 'kafka') ('b', 'sql') ('b', 'kafka')
   * // out: ('kafka', 1) ('sql', 1) ('kafka', 2)
   * ```
   * @example A key of another type needs its serde.
   * ```ts
   * orders.groupBy((_, order) => order.size, { key: serdes.double, name: 'sizes' }).count()
   * // in : ('o1', { size: 40 }) ('o2', { size: 42 }) ('o3', { size: 40 })
   * // out: (40, 1) (42, 1) (40, 2)
   * ```
   */
  groupBy<K2 extends KC>(
    selector: (key: K, value: V) => K2 | null | undefined,
    ...options: OptionsParameter<NodeOptions & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>>
  ): KGroupedStream<K2, V, NonNullable<V>>
  groupBy<K2, KIn>(
    selector: (key: K, value: V) => KIn | null | undefined,
    options: NodeOptions & { readonly key: Serde<K2, KIn> } & SerdeOption<
        'value',
        V,
        VC,
        Serde<NonNullable<V>>
      >,
  ): KGroupedStream<K2, V, NonNullable<V>>

  /**
   * Makes a table of the stream: each record is the new row of its key, and a null value deletes the row. Records with a null
   * key are dropped and counted. Repartitions first, through `<applicationId>-<name>-repartition`, where an operator above may
   * have changed the key. Timestamps and headers stay.
   *
   * Later records win, whatever their timestamps. The table is kept in a store when that has a name, or when an operator below
   * needs it.
   *
   * @example
   * ```ts
   * readings.toTable({ store: 'last-readings' })
   * // in  : ('a', 1) ('a', 2) ('b', 3)
   * // rows: ('a', 2) ('b', 3)
   * ```
   */
  toTable(
    ...options: OptionsParameter<
      StoreOptions<K, V> &
        SerdeOption<'key', K, KC, Serde<NonNullable<K>>> &
        SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<K, V | null, NonNullable<K>, NonNullable<V>>

  /**
   * Hands each record to a processor, and goes on with what that forwards. The key may have changed: a later aggregation
   * repartitions first. Null keys and values reach the processor; timestamps and headers are those it forwards.
   *
   * @param processor A function of record and context, or an object whose `get` makes a processor for each task.
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken, or that of a store by another store.
   *
   * @example
   * ```ts
   * const last = stores.keyValue({ name: 'last', key: serdes.string, value: serdes.double })
   * readings.process(async (record, context) => {
   *   const before = await context.store(last).get(record.key)
   *   context.store(last).put(record.key, record.value)
   *   if (before !== undefined) await context.forward({ ...record, value: record.value - before })
   * }, { stores: [last] })
   * // in : ('a', 3) ('a', 5)
   * // out: ('a', 2)
   * ```
   */
  process<KOut = K, VOut = V>(
    processor: ProcessorFunction<K, V, KOut, VOut> | ProcessorSupplier<K, V, KOut, VOut>,
    options?: ProcessOptions,
  ): KStream<KOut, VOut, KC, VC>

  /**
   * As {@link KStream.process}; records that are forwarded must keep their key, so that nothing is repartitioned: partitions stay.
   * What is forwarded with another key than that of the record that is processed is a `PROCESSING_FAILED` of the record; schedules and
   * timers process none, and are to forward keys that came. Null keys and values reach the processor; timestamps and headers are those it
   * forwards.
   *
   * @example
   * ```ts
   * lines.processValues((record, context) =>
   *   context.forward({ ...record, value: `${record.value} at ${record.timestamp}` }),
   * )
   * // in : ('a', 'kafka') at 5
   * // out: ('a', 'kafka at 5') at 5
   * ```
   */
  processValues<VOut = V>(
    processor: ProcessorFunction<K, V, K, VOut> | ProcessorSupplier<K, V, K, VOut>,
    options?: ProcessOptions,
  ): KStream<K, VOut, KC, VC>

  /**
   * Sends the records through a topic of the application, `<applicationId>-<name>-repartition`, so
   * that each goes on in the partition of its key. Timestamps and headers stay; records with a null key are dropped and counted,
   * unless a left or outer join below takes them. The topic is made, and cleared, by the library. With a `partitioner` it goes on
   * where that says; what is stateful below needs records of equal keys in one partition.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken, or `partitions` is no number of
   *   partitions.
   *
   * @example
   * ```ts
   * orders.selectKey((id, order) => order.customer).repartition({ name: 'by-customer', partitions: 12 })
   * // in : ('o1', { customer: 'ann' })
   * // out: ('ann', { customer: 'ann' }), on the partition of ann
   * ```
   */
  repartition(
    options: RepartitionOptions<K, V> & {
      readonly key: Serde<NonNullable<K>>
      readonly value: Serde<NonNullable<V>>
    },
  ): KStream<K, V, NonNullable<K>, NonNullable<V>>
  repartition(
    options: RepartitionOptions<K, V> & { readonly key: Serde<NonNullable<K>> } & SerdeOption<
        'value',
        V,
        VC,
        Serde<NonNullable<V>>
      >,
  ): KStream<K, V, NonNullable<K>, VC>
  repartition(
    options: RepartitionOptions<K, V> &
      SerdeOption<'key', K, KC, Serde<NonNullable<K>>> & { readonly value: Serde<NonNullable<V>> },
  ): KStream<K, V, KC, NonNullable<V>>
  repartition(
    ...options: OptionsParameter<
      RepartitionOptions<K, V> &
        SerdeOption<'key', K, KC, Serde<NonNullable<K>>> &
        SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KStream<K, V, KC, VC>

  /**
   * Writes to a topic, which must exist, with timestamp and headers. The partition is the key's murmur2 modulo the partitions,
   * as Java's producer has it; of a windowed key, that of the key without its window. Null keys and null values are written as
   * null, the latter as tombstones; records with a null key are spread over the partitions.
   *
   * @example
   * ```ts
   * lengths.to('line-lengths', { value: serdes.int64 })
   * // lengths     : ('a', 5)
   * // line-lengths: ('a', 5n)
   * ```
   *
   * A function chooses a topic for each record. A topic that does not exist is a failure in production,
   * `TOPIC_MISSING`.
   *
   * @example
   * ```ts
   * orders.to((id, order) => `orders-${order.status}`)
   * // in         : ('o1', { status: 'open' }) ('o2', { status: 'paid' })
   * // orders-open: ('o1', { status: 'open' })
   * // orders-paid: ('o2', { status: 'paid' })
   * ```
   *
   * A `partitioner` chooses the partitions of each record: one, several, or none, and then the record is left out and counted.
   * What throws there, or names a partition that there is not, is a failure in processing.
   *
   * @example
   * ```ts
   * orders.to('out', { partitioner: (id, order) => (order.status === 'void' ? [] : 0) })
   * // in : ('o1', { status: 'open' }) ('o2', { status: 'void' })
   * // out: ('o1', { status: 'open' })
   * ```
   */
  to(
    topic: string | TopicNameExtractor<K, V>,
    ...options: OptionsParameter<
      NodeOptions &
        Partitioned<K, V> &
        SerdeOption<'key', K, KC, Writes<NonNullable<K>>> &
        SerdeOption<'value', V, VC, Writes<NonNullable<V>>>
    >
  ): void
}

/**
 * A stream that is being split; `Branches` are the names of the branches so far.
 *
 * Branches are tried in the order in which they were defined.
 */
export interface BranchedKStream<K, V, KC = K, VC = V, Branches extends string = never> {
  /**
   * Adds a branch: the records of which the predicate is true, and no predicate before it. Null keys and values reach it; keys,
   * partitions, timestamps and headers stay.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken.
   * @example
   * ```ts
   * const { large, small } = orders
   *   .split()
   *   .branch((id, order) => order.total > 100, { name: 'large' })
   *   .branch((id, order) => order.total > 0, { name: 'small' })
   *   .noDefaultBranch()
   * // in   : ('o1', { total: 500 }) ('o2', { total: 5 }) ('o3', { total: 0 })
   * // large: ('o1', { total: 500 })
   * // small: ('o2', { total: 5 })
   * ```
   */
  branch<Name extends string>(
    predicate: (key: K, value: V) => boolean,
    options: { readonly name: Name },
  ): BranchedKStream<K, V, KC, VC, Branches | Name>

  /**
   * Adds the branch of all other records, `default` unless named, and gives the branches by name. Key, null or not, partition,
   * timestamp and headers stay.
   *
   * @example
   * ```ts
   * const { even, odd } = numbers
   *   .split()
   *   .branch((key, number) => number % 2 === 0, { name: 'even' })
   *   .defaultBranch({ name: 'odd' })
   * // in  : ('a', 1) ('a', 2)
   * // even: ('a', 2)
   * // odd : ('a', 1)
   * ```
   */
  defaultBranch<Name extends string = 'default'>(options?: {
    readonly name: Name
  }): Readonly<Record<Branches | Name, KStream<K, V, KC, VC>>>

  /**
   * Gives the branches by name; all other records go no further. Key, null or not, partition, timestamp and headers stay in the
   * branches.
   *
   * @example
   * ```ts
   * const { even } = numbers
   *   .split()
   *   .branch((key, number) => number % 2 === 0, { name: 'even' })
   *   .noDefaultBranch()
   * // in  : ('a', 1) ('a', 2)
   * // even: ('a', 2)
   * ```
   */
  noDefaultBranch(): Readonly<Record<Branches, KStream<K, V, KC, VC>>>
}

/**
 * A stream grouped by its key, on the way to a table. `VC` is what the serde of values that travels
 * along reads and writes.
 */
export interface KGroupedStream<K, V, VC = V> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [carried]?: (value: VC) => VC

  /**
   * Counts the records of each key.
   *
   * Records with a null key or a null value are dropped and counted in the metric of dropped
   * records. Rows have the key of their records, and are in its partition. The timestamp of a count is the highest of its records';
   * headers are those of the last one. A count is a `number`, in Kafka and SQL an int64.
   *
   * Where the stream is repartitioned for this alone, counts are combined before: the repartition
   * topic carries one partial count for each key and commit in place of a record each. `combine:
   * false` sends all records.
   *
   * @example
   * ```ts
   * words.groupByKey().count({ store: 'counts', cache: false })
   * // in : ('kafka', 'x') ('sql', 'x') ('kafka', 'x')
   * // out: ('kafka', 1) ('sql', 1) ('kafka', 2); with a cache, only the last of each key at the commit
   * ```
   */
  count(options?: CountOptions<K>): KTable<K, number>

  /**
   * Reduces the values of each key to one of the same type; the first value is taken as it is.
   *
   * Null keys and null values are dropped and counted; keys and partitions stay. A reducer that gives null or undefined
   * deletes the row. The timestamp is the highest of the records'; headers are those of the last one.
   *
   * @example
   * ```ts
   * amounts.groupByKey().reduce((sum, amount) => sum + amount, { store: 'sums' })
   * // in  : ('a', 1) ('a', 2)
   * // rows: ('a', 3)
   * ```
   */
  reduce(
    reducer: (aggregate: NonNullable<V>, value: NonNullable<V>) => NonNullable<V>,
    ...options: OptionsParameter<
      ReduceOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<K, NonNullable<V>>
  reduce(
    reducer: (aggregate: NonNullable<V>, value: NonNullable<V>) => V | null | undefined,
    ...options: OptionsParameter<
      ReduceOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<K, NonNullable<V> | null>

  /**
   * Adds the records of each key to an aggregate of another type.
   *
   * Null keys and null values are dropped and counted; keys and partitions stay. When `add` gives null or undefined the row
   * is deleted; the next record starts with `init` again. The timestamp is the highest of the
   * records'; headers are those of the last one.
   *
   * @example
   * ```ts
   * orders.groupByKey().aggregate({
   *   init: () => 0, add: (id, order, total) => total + order.amount, store: 'totals', value: serdes.double,
   * })
   * // in  : ('o', { amount: 2 }) ('o', { amount: 3 })
   * // rows: ('o', 5)
   * ```
   */
  aggregate<A>(
    options: AggregateOptions<A, K> & {
      readonly add: (key: K, value: NonNullable<V>, aggregate: NoInfer<A>) => NoInfer<A>
    },
  ): KTable<K, A>
  aggregate<A>(
    options: AggregateOptions<A, K> & {
      readonly add: (
        key: K,
        value: NonNullable<V>,
        aggregate: NoInfer<A>,
      ) => NoInfer<A> | null | undefined
    },
  ): KTable<K, A | null>

  /**
   * Aggregates by windows rather than over all times: by tumbling, hopping, sliding or unlimited windows, or by sessions.
   *
   * A record counts for the windows that its timestamp is in. Windows close when the operator has seen a timestamp beyond their
   * end and grace; what comes for them later is dropped and counted, once for each window. That time survives restarts.
   *
   * Rows have {@link Windowed} keys, in the partitions of their keys. Nulls, timestamps and headers are up to the aggregate, as
   * said of {@link TimeWindowedKStream} and {@link SessionWindowedKStream}.
   *
   * @example
   * ```ts
   * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 60_000, graceMs: 5_000 })).count()
   * // in : ('ann', 'x') at 30 s, ('ann', 'x') at 64 s, ('ann', 'x') at 50 s, ('ann', 'x') at 66 s, ('ann', 'x') at 59 s
   * // out: ({ key: 'ann', start: 0, end: 60000 }, 1) ({ key: 'ann', start: 60000, end: 120000 }, 1)
   * //      ({ key: 'ann', start: 0, end: 60000 }, 2) ({ key: 'ann', start: 60000, end: 120000 }, 2), the last is too late
   * ```
   */
  windowedBy(
    windows: TimeWindows | SlidingWindows | UnlimitedWindows,
  ): TimeWindowedKStream<K, V, VC>
  windowedBy(windows: SessionWindows): SessionWindowedKStream<K, V, VC>

  /**
   * Begins an aggregate of several streams with the same keys: each has a function of its own, all of them have one aggregate and
   * one store.
   *
   * Records with a null key or a null value are dropped and counted, but null values may count for windows, as these say.
   * Partitions, timestamps and headers as by {@link CogroupedKStream.aggregate}.
   *
   * @example
   * ```ts
   * clicks.groupByKey().cogroup((user, item, cart: string[]) => [...cart, item])
   *   .cogroup(orders.groupByKey(), (user, order, cart) => cart.filter((item) => item !== order.item))
   *   .aggregate({ init: () => [], value: serdes.json<string[]>() })
   * // clicks: ('ann', 'tea') ('ann', 'milk')
   * // orders: ('ann', { item: 'tea' })
   * // out   : ('ann', ['tea']) ('ann', ['tea', 'milk']) ('ann', ['milk'])
   * ```
   */
  cogroup<A>(
    add: (key: K, value: NonNullable<V>, aggregate: A) => A | null | undefined,
  ): CogroupedKStream<K, A>
}

/** Grouped streams with the same keys, on the way to one table. */
export interface CogroupedKStream<K, A> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [carried]?: (aggregate: A) => A

  /**
   * Another stream and its function. Groups that have to be repartitioned need names, so that each has a topic of its own. A group
   * that is named twice has the last function. Keys, nulls, partitions, timestamps and headers as by
   * {@link CogroupedKStream.aggregate}.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the group is of another builder.
   * @example
   * ```ts
   * clicks.groupByKey().cogroup((user, click, sum: number) => sum + 1)
   *   .cogroup(orders.groupByKey(), (user, order, sum) => sum + order.weight)
   *   .aggregate({ init: () => 0, value: serdes.double })
   * // clicks: ('ann', 'tea')
   * // orders: ('ann', { weight: 10 })
   * // out   : ('ann', 1) ('ann', 11)
   * ```
   */
  cogroup<K2 extends K, V, VC>(
    group: KGroupedStream<K2, V, VC>,
    add: (key: K2, value: NonNullable<V>, aggregate: NoInfer<A>) => NoInfer<A> | null | undefined,
  ): CogroupedKStream<K, A>

  /**
   * Aggregates by windows; late records are dropped and counted as by {@link KGroupedStream.windowedBy}. Rows have {@link Windowed} keys,
   * in the partitions of their keys. Nulls, timestamps and headers are up to the aggregate that follows.
   *
   * @example
   * ```ts
   * clicks.groupByKey().cogroup((user, click, sum: number) => sum + 1)
   *   .cogroup(orders.groupByKey(), (user, order, sum) => sum + order.weight)
   *   .windowedBy(TimeWindows.of({ sizeMs: 10 }))
   *   .aggregate({ init: () => 0, value: serdes.double })
   * // clicks: ('ann', 'tea') at 1
   * // orders: ('ann', { weight: 10 }) at 2, ('ann', { weight: 20 }) at 11
   * // out   : ({ key: 'ann', start: 0, end: 10 }, 1) ({ key: 'ann', start: 0, end: 10 }, 11) ({ key: 'ann', start: 10, end: 20 }, 20)
   * ```
   */
  windowedBy(
    windows: TimeWindows | SlidingWindows | UnlimitedWindows,
  ): TimeWindowedCogroupedKStream<K, A>
  windowedBy(windows: SessionWindows): SessionWindowedCogroupedKStream<K, A>

  /**
   * The table of the aggregates. Keys stay; those that are null, and null values, are dropped and counted. All streams must be
   * partitioned alike, which is checked at start. The timestamp of a row is the highest of its records', headers are those of the
   * last one; where a function gives null or undefined, the row is deleted.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when two groups would share a repartition topic.
   * @example
   * ```ts
   * clicks.groupByKey().cogroup((user, click, sum: number) => sum + 1)
   *   .cogroup(orders.groupByKey(), (user, order, sum) => sum + order.weight)
   *   .aggregate({ init: () => 100, store: 'sums', value: serdes.double })
   * // clicks: ('ann', 'tea') ('bob', 'milk')
   * // orders: ('ann', { weight: 10 })
   * // rows  : ('ann', 111) ('bob', 101)
   * ```
   */
  aggregate(options: CogroupOptions<A>): KTable<K, A | null>
}

/** Grouped streams in time windows, on the way to one table. Changes are told on update. */
export interface TimeWindowedCogroupedKStream<K, A> {
  /**
   * As {@link CogroupedKStream.aggregate}, by windows: null values reach the functions, but for sliding windows, which drop them; records
   * with a null key are dropped and counted. Rows have {@link Windowed} keys, in the partitions of their keys. The timestamp of a row is
   * the highest of its records'; headers are those of the last one.
   *
   * @throws TypeError when `retentionMs` is less than the windows need.
   * @example
   * ```ts
   * clicks.groupByKey().cogroup((user, click, sum: number) => sum + 1)
   *   .windowedBy(TimeWindows.of({ sizeMs: 10 }))
   *   .aggregate({ init: () => 0, value: serdes.double })
   * // in : ('ann', 'tea') at 1, ('ann', 'tea') at 12
   * // out: ({ key: 'ann', start: 0, end: 10 }, 1) at 1, ({ key: 'ann', start: 10, end: 20 }, 1) at 12
   * ```
   */
  aggregate(options: WindowedAggregateOptions<A>): KTable<Windowed<K>, A | null>
}

/** Grouped streams in sessions, on the way to one table. Changes are told on update. */
export interface SessionWindowedCogroupedKStream<K, A> {
  /**
   * As {@link CogroupedKStream.aggregate}, by sessions; `merge` joins the aggregates of two that have become one. Null values reach
   * the functions; records with a null key are dropped and counted. Rows have {@link Windowed} keys, in the partitions of their keys;
   * timestamps and headers as said of {@link SessionWindowedKStream}.
   *
   * @example
   * ```ts
   * clicks.groupByKey().cogroup((user, click, sum: number) => sum + 1)
   *   .windowedBy(SessionWindows.of({ gapMs: 5 }))
   *   .aggregate({ init: () => 0, merge: (user, one, other) => one + other, value: serdes.double })
   * // in : ('ann', 'tea') at 1, ('ann', 'tea') at 3
   * // out: ({ key: 'ann', start: 1, end: 1 }, 1) ({ key: 'ann', start: 1, end: 1 }, null) ({ key: 'ann', start: 1, end: 3 }, 2)
   * ```
   */
  aggregate(
    options: WindowedAggregateOptions<A> & {
      readonly merge: (
        key: K,
        earlier: NoInfer<A>,
        later: NoInfer<A>,
      ) => NoInfer<A> | null | undefined
    },
  ): KTable<Windowed<K>, A | null>
}

/**
 * When the table of a windowed aggregate tells its changes: with every update (at the commit where its store is cached), or once
 * for each window, when it has closed.
 */
export type EmitStrategy = 'on-window-update' | 'on-window-close'

/**
 * A grouped stream in time windows, on the way to a table of {@link Windowed} keys, in the partitions of the keys.
 *
 * Records with a null key are dropped and counted; null values are aggregated unless `nullValues` says otherwise, but for sliding
 * windows, which drop them. The timestamp of a row is the highest of its records'; headers are those of the last one.
 *
 * Rows are in the table of the store, one for each key and window, until they lie further back than `retentionMs`: then they are
 * not seen any more, and soon deleted. Those of a cached store are seen until they are deleted, as in Kafka Streams while the cache
 * holds them; that is when some more rows have been written, 10,000 at least.
 */
export interface TimeWindowedKStream<K, V, VC = V> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [carried]?: (value: VC) => VC

  /**
   * When changes are told; on update unless said.
   *
   * With `'on-window-close'` a window is told when the next record moves the operator's time beyond its end and grace: in the
   * order of starts, then of keys, with the headers of that record, and with their own timestamps. Nothing is told of windows
   * before they close. Partitions stay; nulls as said of {@link TimeWindowedKStream}.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` for unlimited windows, which never close.
   * @example
   * ```ts
   * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 10 })).emitStrategy('on-window-close').count()
   * // in : ('a', 'x') at 1, ('a', 'y') at 2, ('a', 'z') at 11
   * // out: ({ key: 'a', start: 0, end: 10 }, 2) at 2
   * ```
   */
  emitStrategy(strategy: EmitStrategy): TimeWindowedKStream<K, V, VC>

  /**
   * Counts the records of each key and window.
   *
   * Records with a null key are dropped and counted; null values count, but for sliding windows, which drop them. Partitions stay.
   * The timestamp of a count is the highest of its records'; headers are those of the last one.
   *
   * @example
   * ```ts
   * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 10 })).count({ store: 'clicks', cache: false })
   * // in : ('a', 'x') at 1, ('a', 'y') at 2, ('a', 'z') at 11, ('a', 'x') at 3, which is too late
   * // out: ({ key: 'a', start: 0, end: 10 }, 1) ({ key: 'a', start: 0, end: 10 }, 2) ({ key: 'a', start: 10, end: 20 }, 1)
   * ```
   */
  count(options?: WindowedStoreOptions<K, number>): KTable<Windowed<K>, number>

  /**
   * Reduces the values of each key and window to one of the same type; the first value is taken as it is.
   *
   * Null keys are dropped and counted; null values reach the reducer, but for sliding windows, which drop them. A reducer that
   * gives null or undefined deletes the row. Partitions stay. The timestamp is the highest of the records'; headers are those of
   * the last one.
   *
   * @throws TypeError when `retentionMs` is less than the windows and their grace.
   * @example
   * ```ts
   * amounts.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 10 })).reduce((sum, amount) => sum + amount)
   * // in : ('a', 1) at 1, ('a', 2) at 2
   * // out: ({ key: 'a', start: 0, end: 10 }, 1) at 1, ({ key: 'a', start: 0, end: 10 }, 3) at 2
   * ```
   */
  reduce(
    reducer: (aggregate: NonNullable<V>, value: V) => NonNullable<V>,
    ...options: OptionsParameter<
      WindowedStoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<Windowed<K>, NonNullable<V>>
  reduce(
    reducer: (aggregate: NonNullable<V>, value: V) => V | null | undefined,
    ...options: OptionsParameter<
      WindowedStoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<Windowed<K>, NonNullable<V> | null>

  /**
   * Adds the records of each key and window to an aggregate of another type.
   *
   * Null keys are dropped and counted; null values reach `add`, but for sliding windows, which drop them. When `add` gives null
   * or undefined the row is deleted. Partitions stay. The timestamp is the highest of the records'; headers are those of the last
   * one.
   *
   * @throws TypeError when `retentionMs` is less than the windows and their grace.
   * @example
   * ```ts
   * orders.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 10 })).aggregate({
   *   init: () => 0, add: (id, order, total) => total + order.amount, value: serdes.double,
   * })
   * // in : ('o', { amount: 2 }) at 1 · ('o', { amount: 3 }) at 12
   * // out: ({ key: 'o', start: 0, end: 10 }, 2) ({ key: 'o', start: 10, end: 20 }, 3)
   * ```
   */
  aggregate<A>(
    options: WindowedAggregateOptions<A, K> & {
      readonly add: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A>
    },
  ): KTable<Windowed<K>, A>
  aggregate<A>(
    options: WindowedAggregateOptions<A, K> & {
      readonly add: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A> | null | undefined
    },
  ): KTable<Windowed<K>, A | null>
}

/**
 * A grouped stream in sessions, on the way to a table of {@link Windowed} keys, whose starts and ends are both included.
 *
 * A record that lies within the gap of a session joins it; one that lies within the gap of two merges them. Of a session that is
 * merged away the table tells a tombstone, then the session that has come of it. Records with a null key are dropped and counted;
 * null values are aggregated unless `nullValues` says otherwise. Rows are in the partitions of their keys. The timestamp of a row is the end of its session.
 * Changes that are told one by one have no headers, as in Kafka Streams; where the store is cached, or windows are told on close, they
 * have those of the record that came last.
 */
export interface SessionWindowedKStream<K, V, VC = V> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [carried]?: (value: VC) => VC

  /**
   * When changes are told; on update unless said. With `'on-window-close'` a session is told once, when the next record moves the
   * operator's time beyond its end, gap and grace: in the order of ends, starts, then keys. There are no tombstones then. Nulls,
   * partitions, timestamps and headers as said of {@link SessionWindowedKStream}.
   *
   * @example
   * ```ts
   * clicks.groupByKey().windowedBy(SessionWindows.of({ gapMs: 5 })).emitStrategy('on-window-close').count()
   * // in : ('a', 'x') at 1, ('a', 'y') at 3, ('a', 'z') at 20
   * // out: ({ key: 'a', start: 1, end: 3 }, 2) at 3, when the last came
   * ```
   */
  emitStrategy(strategy: EmitStrategy): SessionWindowedKStream<K, V, VC>

  /**
   * Counts the records of each key and session. Records with a null key are dropped and counted; null values count. Partitions,
   * timestamps and headers as said of {@link SessionWindowedKStream}.
   *
   * @example
   * ```ts
   * clicks.groupByKey().windowedBy(SessionWindows.of({ gapMs: 5, graceMs: 20 })).count({ cache: false })
   * // in : ('a', 'x') at 10, ('a', 'y') at 18, ('a', 'z') at 14
   * // out: ({ key: 'a', start: 10, end: 10 }, 1) ({ key: 'a', start: 18, end: 18 }, 1)
   * //      ({ key: 'a', start: 10, end: 10 }, null) ({ key: 'a', start: 18, end: 18 }, null) ({ key: 'a', start: 10, end: 18 }, 3)
   * ```
   */
  count(options?: WindowedStoreOptions<K, number>): KTable<Windowed<K>, number | null>

  /**
   * Reduces the values of each key and session to one of the same type; sessions are merged by the reducer as well, the earlier
   * one first. Null keys are dropped and counted; null values reach the reducer. Null or undefined deletes the row. Partitions,
   * timestamps and headers as said of {@link SessionWindowedKStream}.
   *
   * @example
   * ```ts
   * amounts.groupByKey().windowedBy(SessionWindows.of({ gapMs: 5 })).reduce((sum, amount) => sum + amount)
   * // in : ('a', 1) at 1, ('a', 2) at 3
   * // out: ({ key: 'a', start: 1, end: 1 }, 1) ({ key: 'a', start: 1, end: 1 }, null) ({ key: 'a', start: 1, end: 3 }, 3) at 3
   * ```
   */
  reduce(
    reducer: (aggregate: NonNullable<V>, value: V) => V | null | undefined,
    ...options: OptionsParameter<
      WindowedStoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<Windowed<K>, NonNullable<V> | null>

  /**
   * Adds the records of each key and session to an aggregate of another type. `merge` joins the aggregates of sessions that have
   * become one, beginning with `init`. Null keys are dropped and counted; null values reach `add`. Null or undefined deletes.
   * Partitions, timestamps and headers as said of {@link SessionWindowedKStream}.
   *
   * @throws TypeError when `retentionMs` is less than gap and grace.
   * @example
   * ```ts
   * pages.groupByKey().windowedBy(SessionWindows.of({ gapMs: 60_000 })).aggregate({
   *   init: () => '', add: (user, page, path) => `${path}/${page}`, merge: (user, one, other) => one + other,
   *   value: serdes.string,
   * })
   * // in : ('ann', 'home') at 1, ('ann', 'news') at 2
   * // out: ({ key: 'ann', start: 1, end: 1 }, '/home') ({ key: 'ann', start: 1, end: 1 }, null) ({ key: 'ann', start: 1, end: 2 }, '/home/news')
   * ```
   */
  aggregate<A>(
    options: WindowedAggregateOptions<A, K> & {
      readonly add: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A> | null | undefined
      readonly merge: (
        key: K,
        earlier: NoInfer<A>,
        later: NoInfer<A>,
      ) => NoInfer<A> | null | undefined
    },
  ): KTable<Windowed<K>, A | null>
}

/** Options of `print`. */
export interface PrintOptions<K, V> extends NodeOptions {
  /** What is in brackets before each record; the name of the node above unless given. */
  readonly label?: string
  /** The text of a record; key and value unless given. */
  readonly mapper?: (key: K, value: V) => string
}

/** Options of `mapValuesAsync`. */
export interface AsyncOptions extends NodeOptions {
  /** Records of a task that are under way at most. (Default: 16) */
  readonly concurrency?: number
  /** What keeps its order: all records of a partition (default), or only those of one key, so that none waits for another key. */
  readonly ordering?: 'key' | 'partition'
  /**
   * How long a call may take, by the clock of the machine. What it brings later is forgotten; the call itself is not ended. Infinity
   * for ever: then a promise that is never settled stops all tasks of the instance. (Default: 60,000 ms)
   */
  readonly timeoutMs?: number
}

/** Options of `process` and `processValues`. */
export interface ProcessOptions extends NodeOptions {
  /**
   * The stores that it uses, by their builders, or by their names where another operator has them. Processors that share a store
   * are one sub-topology. Stores of global tables need not be named.
   */
  readonly stores?: readonly (StoreBuilder | string)[]
}

/** Options of `repartition`, but for serdes. */
export interface RepartitionOptions<K = unknown, V = unknown>
  extends NodeOptions, Partitioned<K, V> {
  /** Of the topic; as many as the largest topic above unless given. */
  readonly partitions?: number
}

/** Options of a join by foreign key, but for its result; its serdes are asked for where those that travel do not fit. */
export type ForeignKeyOptions<K, V, K2, V2, VC, VC2> = {
  /** The key of the row in the other table, of a row of this one; null for none. */
  readonly foreignKey: (value: NonNullable<V>, key: K) => K2 | null | undefined
  /**
   * Where the rows of the other table lie, when its topic is not partitioned by the bytes of its keys as Java's producer does it. Must say
   * one partition for each key, that of its row; values are null. This table may be partitioned in any way.
   *
   * @example
   * ```ts
   * orders.join(customers, (order, customer) => `${order.item} for ${customer.name}`, {
   *   foreignKey: (order) => order.customer,
   *   otherPartitioner: (customer, _, { partitions }) => customer.length % partitions,
   * })
   * // customers: ('c1', { name: 'Ann' })
   * // orders   : ('o1', { item: 'tea', customer: 'c1' })
   * // out      : ('o1', 'tea for Ann')
   * ```
   */
  readonly otherPartitioner?: StreamPartitioner<K2, null>
} & SerdeOption<'leftValue', V, VC, Serde<NonNullable<V>>> &
  SerdeOption<'rightValue', V2, VC2, Serde<NonNullable<V2>>>

/** Options of `suppress`, but for serdes. The node gives its name to its store too: `<name>-store`, of which a `version` is. */
export type SuppressOptions = NodeOptions & {
  /** Keys that are held back at most; no bound unless given. */
  readonly maxRecords?: number
  /** Bytes that are held back at most, as Kafka Streams counts them; no bound unless given. */
  readonly maxBytes?: number
} & (
    | {
        readonly until: 'time-limit'
        /** How long after the first change of a key its last one goes on, in milliseconds. */
        readonly timeLimitMs: number
        /** What happens beyond a bound: the oldest go on early (default), or the application stops. */
        readonly whenFull?: 'emit-early' | 'shut-down'
      }
    | { readonly until: 'window-closes' }
  )

/** Which records of two streams are near each other in time. */
export interface JoinWindowOptions {
  /** How long before a record of this stream one of the other may be, in milliseconds. Negative: it must be later. */
  readonly beforeMs: number
  /** How long after a record of this stream one of the other may be, in milliseconds. Negative: it must be earlier. */
  readonly afterMs: number
  /** How much later than stream time records still find all their partners, 0 unless given. */
  readonly graceMs?: number
  /**
   * What becomes of records that come when their window has closed, grace included: they are joined with what is still there, as in
   * Kafka Streams (default), which depends on when rows are swept; or they are dropped and counted, and are no partners either.
   *
   * @example
   * ```ts
   * clicks.join(views, (click, view) => `${click} in ${view}`, { beforeMs: 5_000, afterMs: 0, lateRecords: 'dropped' })
   * // views : ('ann', 'home') at 4 s, ('bob', 'home') at 9 s
   * // clicks: ('ann', 'buy') at 8 s
   * // clicks: ('bob', 'buy') at 9 s
   * // out   : ('bob', 'buy in home') at 9 s
   * ```
   */
  readonly lateRecords?: 'joined' | 'dropped'
}

/** Options of a stream-stream join; its serdes are asked for where those that travel do not fit. */
export type StreamJoinOptions<K, V, V2, KC, VC, VC2> = JoinWindowOptions &
  NodeOptions & {
    /** What the names of its stores begin with; generated unless given. */
    readonly store?: string
    /**
     * What becomes of each record of the other stream that an earlier version keeps; `migrate` says it of this stream.
     */
    readonly migrateOther?: StoreMigration<NonNullable<K>, NonNullable<V2>>
  } & VersionedRows<K, V> &
  SerdeOption<'key', K, KC, Serde<NonNullable<K>>> &
  SerdeOption<'value', V, VC, Serde<NonNullable<V>>> &
  SerdeOption<'otherValue', V2, VC2, Serde<NonNullable<V2>>>

/** Options of `count`. */
export interface CountOptions<K = unknown> extends StoreOptions<K, number> {
  /** Combine before a repartition (default). */
  readonly combine?: boolean
}

/** Options of `reduce`. */
export interface ReduceOptions<K = unknown, V = unknown> extends StoreOptions<K, V> {
  /**
   * The reducer is associative, so values may be reduced before a repartition already. Then it must
   * not delete. Of `a − b` it is not true: 5 − (3 − 2) is not (5 − 3) − 2.
   */
  readonly combine?: boolean
}

/** Options of the `aggregate` of several streams. */
export interface CogroupOptions<A> extends StoreOptions<unknown, NoInfer<A>> {
  /** The aggregate before the first record. */
  readonly init: () => NoInfer<A>
  readonly value: Reads<A>
}

/** Options of the `aggregate` of windows, but for its functions of records. */
export interface WindowedAggregateOptions<A, K = unknown> extends WindowedStoreOptions<
  K,
  NoInfer<A>
> {
  /** The aggregate before the first record. */
  readonly init: () => NoInfer<A>
  readonly value: Reads<A>
}

/** Options of `aggregate`, but for `add`. */
export interface AggregateOptions<A, K = unknown> extends StoreOptions<K, NoInfer<A>> {
  /** The aggregate before the first record. */
  readonly init: () => NoInfer<A>
  readonly value: Reads<A>
  /**
   * Joins the aggregates over two runs of records into the aggregate over both. Declaring it allows
   * aggregating before a repartition already, each part from `init` on; then `add` must not delete.
   */
  readonly combine?: (earlier: NoInfer<A>, later: NoInfer<A>) => NoInfer<A>
}

/**
 * A table: a value for each key. `V` includes null where rows can be deleted; functions see the rows that are there.
 *
 * As with {@link KStream}, serdes travel along: `KC` and `VC` are the types that they read and write. A table is kept in a store
 * of its own only where one is named, or where an operator below has to look up rows or old values that nobody else keeps.
 */
export interface KTable<K, V, KC = NonNullable<K>, VC = NonNullable<V>> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [carried]?: (key: KC, value: VC) => readonly [KC, VC]

  /**
   * Name of the store that keeps the table, and of its database table, where one was named: what `queryableStoreName` of Kafka Streams
   * gives. A table without a name may have a store all the same, but nobody should rely on where it is.
   *
   * @example
   * ```ts
   * words.groupByKey().count({ store: 'counts' }).store // 'counts'
   * words.groupByKey().count().store // undefined
   * ```
   */
  readonly store: string | undefined

  /**
   * Keeps rows of which the predicate is true; the others are deleted, or never there.
   *
   * The predicate is not asked about a row that is deleted, whose value is null. Keys, partitions, timestamps and headers stay.
   * Where old values are at hand (the table above has a store), a row that was not there before and is not there now causes no
   * change; otherwise a tombstone goes on, as in Kafka Streams. With `store` the table is kept, and can be queried.
   *
   * @example
   * ```ts
   * prices.filter((item, price) => price > 10, { store: 'dear-prices' })
   * // in : ('tea', 12) ('tea', 9)
   * // out: ('tea', 12) ('tea', null)
   * ```
   */
  filter(
    predicate: (key: K, value: NonNullable<V>) => boolean,
    options?: NodeOptions,
  ): KTable<K, V | null, KC, VC>
  filter(
    predicate: (key: K, value: NonNullable<V>) => boolean,
    options: StoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>,
  ): KTable<K, V | null, KC, NonNullable<V>>

  /**
   * As {@link KTable.filter}, with rows of which the predicate is false: the others are deleted, or never there. The predicate is not
   * asked about a row that is deleted, whose value is null. Keys, partitions, timestamps and headers stay.
   *
   * @example
   * ```ts
   * prices.filterNot((item, price) => price > 10)
   * // in : ('tea', 9) ('tea', 12)
   * // out: ('tea', 9) ('tea', null)
   * ```
   */
  filterNot(
    predicate: (key: K, value: NonNullable<V>) => boolean,
    options?: NodeOptions,
  ): KTable<K, V | null, KC, VC>
  filterNot(
    predicate: (key: K, value: NonNullable<V>) => boolean,
    options: StoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>,
  ): KTable<K, V | null, KC, NonNullable<V>>

  /**
   * Replaces the value of each row. The mapper is not asked about a row that is deleted; where it gives null or undefined, the
   * row is deleted. Keys, partitions, timestamps and headers stay.
   *
   * With `store` the new table is kept, and can be queried; that needs the serde of its values.
   *
   * @example
   * ```ts
   * prices.mapValues((price) => price * 2)
   * // in : ('tea', 12) ('tea', null)
   * // out: ('tea', 24) ('tea', null)
   * ```
   */
  mapValues<V2>(
    mapper: (value: NonNullable<V>, key: K) => V2,
    options?: NodeOptions,
  ): KTable<K, V2 | Extract<V, null>, KC, VC>
  mapValues<V2>(
    mapper: (value: NonNullable<V>, key: K) => V2,
    options: StoreOptions<K, NoInfer<V2>> & { readonly value: Serde<NonNullable<V2>> },
  ): KTable<K, V2 | Extract<V, null>, KC, NonNullable<V2>>

  /**
   * As {@link KTable.mapValues}, with a function that is asked about deleted rows too, with null: it may give such a key a row. One
   * function is made for each task, and one for each operator below that looks up rows, so it must give the same for the same.
   *
   * Keys, partitions, timestamps and headers stay.
   *
   * @example
   * ```ts
   * prices.transformValues(() => (price, item) => (price === null ? `${item} is sold out` : `${item} costs ${price}`))
   * // in : ('tea', 12) ('tea', null)
   * // out: ('tea', 'tea costs 12') ('tea', 'tea is sold out')
   * ```
   */
  transformValues<V2>(
    createTransformer: () => (value: V | null, key: K) => V2,
    options?: NodeOptions,
  ): KTable<K, V2, KC, VC>
  transformValues<V2>(
    createTransformer: () => (value: V | null, key: K) => V2,
    options: StoreOptions & { readonly value: Serde<NonNullable<V2>> },
  ): KTable<K, V2, KC, NonNullable<V2>>

  /**
   * Groups the rows by another key, with another value if you like: the selector gives both. Rows whose new key or new value is
   * null are in no group. Always repartitions, through `<applicationId>-<name>-repartition`, with the name given here or else
   * the store's.
   *
   * A row that changes is taken out of its old group and added to its new one. Where these differ, that is two records, perhaps
   * on two partitions: for a moment the row counts in neither. Both have timestamp and headers of the change. Nothing is said of
   * rows that did not change.
   *
   * @example
   * ```ts
   * users.groupBy((id, user) => [user.city, user.age], { value: serdes.double, name: 'by-city' })
   *   .reduce((sum, age) => sum + age, (sum, age) => sum - age)
   * // in : ('u1', { city: 'Rome', age: 3 }) ('u1', { city: 'Oslo', age: 4 })
   * // out: ('Rome', 3), then ('Rome', 0) ('Oslo', 4)
   * ```
   */
  groupBy<K2 extends KC, V2 extends VC>(
    selector: (
      key: K,
      value: NonNullable<V>,
    ) => KeyValue<K2 | null | undefined, V2 | null | undefined>,
    options?: NodeOptions,
  ): KGroupedTable<K2, V2>
  groupBy<K2 extends KC, V2>(
    selector: (
      key: K,
      value: NonNullable<V>,
    ) => KeyValue<K2 | null | undefined, V2 | null | undefined>,
    options: NodeOptions & { readonly value: Serde<V2> },
  ): KGroupedTable<K2, V2>
  groupBy<K2, V2 extends VC>(
    selector: (
      key: K,
      value: NonNullable<V>,
    ) => KeyValue<K2 | null | undefined, V2 | null | undefined>,
    options: NodeOptions & { readonly key: Serde<K2> },
  ): KGroupedTable<K2, V2>
  groupBy<K2, V2>(
    selector: (
      key: K,
      value: NonNullable<V>,
    ) => KeyValue<K2 | null | undefined, V2 | null | undefined>,
    options: NodeOptions & { readonly key: Serde<K2>; readonly value: Serde<V2> },
  ): KGroupedTable<K2, V2>

  /**
   * Holds changes back: of each key only the last one goes on, when it is time.
   *
   * With `until: 'time-limit'` a change goes on when stream time is later than the first one of its
   * key by `timeLimitMs`. With `until: 'window-closes'`, for a table by windows, each window's result
   * goes on once, when it is past its end and grace. Time is that of the changes that come here:
   * without changes nothing goes on. They go in the order of time, then of the bytes of their keys,
   * with timestamp and headers of the last change. Keys and partitions stay. Tombstones, null, go on as well, but for windows.
   *
   * What is held back is a table of its own, and survives restarts. `maxRecords` and `maxBytes` bound
   * it: with a time limit the oldest then go early, unless `whenFull` says otherwise; results of
   * windows never do, they fail.
   *
   * Errors: `SUPPRESS_BUFFER_FULL`, in the failure policy's phase `processing`.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when windows are to close, and the table has none.
   * @example
   * ```ts
   * prices.suppress({ until: 'time-limit', timeLimitMs: 10_000 }).toStream()
   * // in : ('tea', 2) at 0 s, ('tea', 3) at 5 s, ('milk', 1) at 10 s
   * // out: ('tea', 3) at 5 s, when the milk came
   * ```
   */
  suppress(
    options: SuppressOptions &
      VersionedRows<K, V> &
      SerdeOption<'value', V, VC, Serde<NonNullable<V>>>,
  ): KTable<K, V, KC, VC>

  /**
   * Joins each row with the row of another table whose key it names: `foreignKey` gives it. Changes of
   * both tables update the result, whose keys are those of this table.
   *
   * The tables may be partitioned as they like: who is interested in which row travels through
   * `<applicationId>-<name>-subscription-registration-topic`, what is found comes back through
   * `-subscription-response-topic`. A row that changed while an answer was on its way waits for the
   * next answer; the old one is dropped and counted. Rows whose foreign key is null are dropped and
   * counted. The timestamp of a result is the later one of both rows where this table changed, and
   * that of the change where the other did; headers are those of the change. With `store` the result
   * is kept, and can be queried; that needs the serde of its values, `value`. `leftValue` and
   * `rightValue` are asked for where the serdes that travel with the tables do not fit.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the other table is of another builder.
   * @example
   * ```ts
   * orders.join(customers, (order, customer) => `${order.item} for ${customer.name}`, {
   *   foreignKey: (order) => order.customer,
   * })
   * // customers: ('c1', { name: 'Ann' })
   * // orders   : ('o1', { item: 'tea', customer: 'c1' })
   * // out      : ('o1', 'tea for Ann')
   * ```
   */
  join<K2, V2, KC2, VC2, R>(
    other: KTable<K2, V2, KC2, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>) => R,
    options: NodeOptions & ForeignKeyOptions<K, V, K2, V2, VC, VC2>,
  ): KTable<K, R | null, KC, VC>
  join<K2, V2, KC2, VC2, R>(
    other: KTable<K2, V2, KC2, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>) => R,
    options: StoreOptions<K, NoInfer<R>> &
      ForeignKeyOptions<K, V, K2, V2, VC, VC2> & { readonly value: Serde<NonNullable<R>> },
  ): KTable<K, R | null, KC, NonNullable<R>>

  /**
   * Joins the rows of both tables that have the same key. A change on either side updates the result; it is deleted when one of
   * both rows is.
   *
   * Both tables must be partitioned alike: equal partition counts are checked at start. The timestamp of a row is the later one
   * of both; headers are those of the change that caused it. Where the joiner gives null or undefined, there is no row. With
   * `store` the result is kept, and can be queried; that needs the serde of its values.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the other table is of another builder.
   * @example
   * ```ts
   * prices.join(stocks, (price, stock) => price * stock)
   * // prices: ('tea', 2)
   * // stocks: ('tea', 10)
   * // prices: ('tea', 3)
   * // out   : ('tea', 20) ('tea', 30)
   * ```
   */
  join<V2, VC2, R>(
    other: KTable<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>) => R,
    options?: NodeOptions,
  ): KTable<K, R | null, KC, VC>
  join<V2, VC2, R>(
    other: KTable<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2>) => R,
    options: StoreOptions<K, NoInfer<R>> & { readonly value: Serde<NonNullable<R>> },
  ): KTable<K, R | null, KC, NonNullable<R>>

  /**
   * As {@link KTable.join} by foreign key, and rows without a partner, or whose foreign key is null, are joined with null. Keys and
   * partitions are those of this table. The timestamp of a result is the later one of both rows where this table changed, and that of the
   * change where the other did; headers are those of the change. A result is deleted when the row of this table is.
   *
   * @example
   * ```ts
   * orders.leftJoin(customers, (order, customer) => `${order.item} for ${customer?.name ?? 'nobody'}`, {
   *   foreignKey: (order) => order.customer,
   * })
   * // orders   : ('o1', { item: 'tea', customer: 'c1' })
   * // customers: ('c1', { name: 'Ann' })
   * // out      : ('o1', 'tea for nobody') ('o1', 'tea for Ann')
   * ```
   */
  leftJoin<K2, V2, KC2, VC2, R>(
    other: KTable<K2, V2, KC2, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null) => R,
    options: NodeOptions & ForeignKeyOptions<K, V, K2, V2, VC, VC2>,
  ): KTable<K, R | null, KC, VC>
  leftJoin<K2, V2, KC2, VC2, R>(
    other: KTable<K2, V2, KC2, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null) => R,
    options: StoreOptions<K, NoInfer<R>> &
      ForeignKeyOptions<K, V, K2, V2, VC, VC2> & { readonly value: Serde<NonNullable<R>> },
  ): KTable<K, R | null, KC, NonNullable<R>>

  /**
   * As {@link KTable.join}, and rows of this table without a partner are joined with null. Keys and partitions stay. The timestamp of a
   * row is the later one of both; headers are those of the change that caused it. A row is deleted when that of this table is.
   *
   * @example
   * ```ts
   * prices.leftJoin(stocks, (price, stock) => price * (stock ?? 0))
   * // prices: ('tea', 2)
   * // stocks: ('tea', 10) ('tea', null)
   * // out   : ('tea', 0) ('tea', 20) ('tea', 0)
   * ```
   */
  leftJoin<V2, VC2, R>(
    other: KTable<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null) => R,
    options?: NodeOptions,
  ): KTable<K, R | null, KC, VC>
  leftJoin<V2, VC2, R>(
    other: KTable<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V>, other: NonNullable<V2> | null) => R,
    options: StoreOptions<K, NoInfer<R>> & { readonly value: Serde<NonNullable<R>> },
  ): KTable<K, R | null, KC, NonNullable<R>>

  /**
   * As {@link KTable.join}, and rows of either table without a partner are joined with null. Keys and partitions stay. The timestamp of a
   * row is the later one of both; headers are those of the change that caused it. A row is deleted when those of both tables are.
   *
   * @example
   * ```ts
   * north.outerJoin(south, (one, other) => (one ?? 0) + (other ?? 0))
   * // north: ('tea', 2)
   * // south: ('tea', 3) ('milk', 1)
   * // out  : ('tea', 2) ('tea', 5) ('milk', 1)
   * ```
   */
  outerJoin<V2, VC2, R>(
    other: KTable<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V> | null, other: NonNullable<V2> | null) => R,
    options?: NodeOptions,
  ): KTable<K, R | null, KC, VC>
  outerJoin<V2, VC2, R>(
    other: KTable<K, V2, KC, VC2>,
    joiner: (value: NonNullable<V> | null, other: NonNullable<V2> | null) => R,
    options: StoreOptions<K, NoInfer<R>> & { readonly value: Serde<NonNullable<R>> },
  ): KTable<K, R | null, KC, NonNullable<R>>

  /**
   * The stream of the table's changes: the new value of a key, null where it was deleted. With a selector, the stream has other
   * keys, and a later aggregation repartitions first. Timestamps and headers are those of the changes.
   *
   * @example
   * ```ts
   * prices.toStream((item) => item.slice(0, 1))
   * // in : ('tea', 12) ('tea', null)
   * // out: ('t', 12) ('t', null)
   * ```
   */
  toStream<K2>(selector: (key: K, value: V) => K2, options?: NodeOptions): KStream<K2, V, KC, VC>
  toStream(options?: NodeOptions): KStream<K, V, KC, VC>
}

/**
 * A table grouped by another key, on the way to a table of the groups. `VC` is what the serde of values that travels along
 * reads and writes.
 */
export interface KGroupedTable<K, V, VC = V> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [carried]?: (value: VC) => VC

  /**
   * Counts the rows of each group. A group that has lost all its rows stays, with 0. Its key, never null, and its partition are
   * those that `groupBy` gave. The timestamp of a count is the highest of its changes'; headers are those of the last one.
   *
   * @example
   * ```ts
   * users.groupBy((id, user) => [user.city, user], { name: 'by-city' }).count({ store: 'inhabitants' })
   * // in : ('u1', { city: 'Rome' }) ('u2', { city: 'Rome' }) ('u1', { city: 'Oslo' })
   * // out: ('Rome', 1) ('Rome', 2) ('Rome', 1) ('Oslo', 1)
   * ```
   */
  count(options?: StoreOptions<K, number>): KTable<K, number>

  /**
   * Reduces the values of each group: the first is taken as it is, further ones are added, and those that left or changed are
   * taken out by the subtractor, which must undo what the adder did. The subtractor runs first. Null or undefined deletes the
   * row of the group. Key and partition are those of the group. The timestamp is the highest of the changes'; headers are those of
   * the last one.
   *
   * @example
   * ```ts
   * stocks.groupBy((item, { shop, amount }) => [shop, amount], { value: serdes.double, name: 'by-shop' })
   *   .reduce((sum, amount) => sum + amount, (sum, amount) => sum - amount, { store: 'per-shop' })
   * // in  : ('tea', { shop: 'north', amount: 5 }) ('milk', { shop: 'north', amount: 2 }) ('tea', { shop: 'north', amount: 1 })
   * // rows: ('north', 3)
   * ```
   */
  reduce(
    adder: (aggregate: V, value: V) => V,
    subtractor: (aggregate: V, value: V) => V,
    ...options: OptionsParameter<
      StoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<K, V>
  reduce(
    adder: (aggregate: V, value: V) => V | null | undefined,
    subtractor: (aggregate: V, value: V) => V | null | undefined,
    ...options: OptionsParameter<
      StoreOptions<K, V> & SerdeOption<'value', V, VC, Serde<NonNullable<V>>>
    >
  ): KTable<K, V | null>

  /**
   * Adds the values of each group to an aggregate of another type, and takes those out again that left or changed. As
   * {@link KGroupedTable.reduce}, with `init` for the aggregate before the first value: null or undefined deletes the row of the group, key
   * and partition are those of the group, the timestamp is the highest of the changes', and headers are those of the last one.
   *
   * @example
   * ```ts
   * users.groupBy((id, user) => [user.city, user], { name: 'by-city' }).aggregate({
   *   init: () => 0, add: (city, user, sum) => sum + user.age, subtract: (city, user, sum) => sum - user.age,
   *   store: 'ages', value: serdes.double,
   * })
   * // in  : ('u1', { city: 'Rome', age: 30 }) ('u2', { city: 'Rome', age: 40 }) ('u1', { city: 'Oslo', age: 31 })
   * // rows: ('Oslo', 31) ('Rome', 40)
   * ```
   */
  aggregate<A>(
    options: TableAggregateOptions<A, K> & {
      readonly add: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A>
      readonly subtract: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A>
    },
  ): KTable<K, A>
  aggregate<A>(
    options: TableAggregateOptions<A, K> & {
      readonly add: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A> | null | undefined
      readonly subtract: (key: K, value: V, aggregate: NoInfer<A>) => NoInfer<A> | null | undefined
    },
  ): KTable<K, A | null>
}

/** Options of `aggregate` of a grouped table, but for `add` and `subtract`. */
export interface TableAggregateOptions<A, K = unknown> extends StoreOptions<K, NoInfer<A>> {
  /** The aggregate before the first value. */
  readonly init: () => NoInfer<A>
  readonly value: Reads<A>
}

/** Options of a join of a stream with a table. */
export interface TableJoinOptions<K, V> extends NodeOptions, VersionedRows<K, V> {
  /** Of keys, where the stream is repartitioned and its key is of another type than the serde that travels along. */
  readonly key?: Serde<NonNullable<K>>
  /** Of values, where the stream is repartitioned or its records wait, and a function has made its values. */
  readonly value?: Serde<NonNullable<V>>
  /** How long records wait for the rows of their times, at most as long as the history of the versioned table. Milliseconds. */
  readonly graceMs?: number
}

declare const globalRows: unique symbol

/**
 * A table that every instance can read whole: rows are found by any key, whatever partition they came from. Made by
 * `StreamsBuilder.globalTable`; its rows are written once, by the tasks of its topic's partitions.
 */
export interface GlobalKTable<K, V> {
  /** For the compiler only, as in {@link KStream}. */
  readonly [globalRows]?: (key: K) => V
  /** Name of the store, and of its table. */
  readonly store: string
}
