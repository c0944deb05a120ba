import { addTableSource } from './dsl/add-table-source.ts'
import {
  addUpdater,
  checkGlobalStore,
  type StoreTopicOptions,
  type StoreUpdater,
} from './dsl/add-updater.ts'
import { addVersionedSource } from './dsl/add-versioned-source.ts'
import { DefinedGroup } from './dsl/defined-group.ts'
import { DefinedStream } from './dsl/defined-stream.ts'
import { DefinedTable } from './dsl/defined-table.ts'
import { DefinedTableGroup } from './dsl/defined-table-group.ts'
import type { GroupState } from './dsl/group-state.ts'
import type { DslFactory } from './dsl/dsl-factory.ts'
import type { GlobalKTable, KGroupedStream, KGroupedTable, KStream, KTable } from './dsl/dsl.ts'
import { storeVersion } from './dsl/store-version.ts'
import type { NodeOptions, StoreOptions } from './dsl/options.ts'
import {
  globalSourceDefinition,
  sourceDefinition,
  type SourceOptions,
} from './dsl/source-definition.ts'
import type { StreamState } from './dsl/stream-state.ts'
import type { TableGroupState } from './dsl/table-group-state.ts'
import type { TableState } from './dsl/table-state.ts'
import { checkName } from './graph/check-name.ts'
import { GraphBuilder } from './graph/graph-builder.ts'
import type { KeyValueStore } from './processor/state-store.ts'
import type { StoreBuilder } from './processor/store-builder.ts'
import type { BuildOptions } from './build-options.ts'
import { Topology } from './topology.ts'

const SOURCE = 'KSTREAM-SOURCE-'
const TABLE_SOURCE = 'KTABLE-SOURCE-'

/** Options of a source. */
export interface StreamOptions<K, V> extends NodeOptions, SourceOptions<K, V> {}

/** Options of a table's source. */
export interface TableOptions<K, V> extends StreamOptions<K, V>, StoreOptions<K, V> {}

/** Options of `globalTable`, whose topic is read from its beginning: the table is made of all of it. */
export type GlobalTableOptions<K, V> = Omit<TableOptions<K, V>, 'offsetReset'>

/** Options of `table`. */
export interface SourceTableOptions<K, V> extends TableOptions<K, V> {
  /** Keep the versions of each row, as far back as this: records then say what was valid from their timestamps on. */
  readonly versioned?: { readonly historyRetentionMs: number }
}

/**
 * Where a topology begins.
 *
 * @example
 * ```ts
 * const builder = new StreamsBuilder()
 * builder.stream('lines', { key: serdes.string, value: serdes.string })
 *   .flatMapValues((line) => line.split(' ')).groupBy((_, word) => word, { name: 'words' })
 *   .count({ store: 'counts' }).toStream().to('word-counts', { value: serdes.int64 })
 * const topology = builder.build()
 * // lines      : ('a', 'kafka sql kafka')
 * // word-counts: ('kafka', 1n) ('sql', 1n) ('kafka', 2n)
 * ```
 */
export class StreamsBuilder {
  readonly #graph = new GraphBuilder()
  readonly #states = new WeakMap<object, StreamState>()
  readonly #groupStates = new WeakMap<object, GroupState>()
  readonly #tableStates = new WeakMap<object, TableState>()
  readonly #globalStores = new WeakMap<object, string>()
  // What is made knows no types; as `unknown` first, because whether TypeScript sees that depends on the order of files.
  readonly #dsl: DslFactory = {
    graph: this.#graph,
    stream: <K, V, KC, VC>(state: StreamState) => {
      const defined = new DefinedStream(this.#dsl, state)
      this.#states.set(defined, state)
      const stream: unknown = defined
      return stream as KStream<K, V, KC, VC>
    },
    group: <K, V, VC>(state: GroupState) => {
      const defined = new DefinedGroup(this.#dsl, state)
      this.#groupStates.set(defined, state)
      const group: unknown = defined
      return group as KGroupedStream<K, V, VC>
    },
    table: <K, V, KC, VC>(state: TableState) => {
      const defined = new DefinedTable(this.#dsl, state)
      this.#tableStates.set(defined, state)
      const table: unknown = defined
      return table as KTable<K, V, KC, VC>
    },
    tableGroup: <K, V, VC>(state: TableGroupState) => {
      const group: unknown = new DefinedTableGroup(this.#dsl, state)
      return group as KGroupedTable<K, V, VC>
    },
    stateOf: (stream) => this.#states.get(stream),
    groupStateOf: (group) => this.#groupStates.get(group),
    tableStateOf: (table) => this.#tableStates.get(table),
    globalStoreOf: (table) => this.#globalStores.get(table),
  }

  /**
   * Reads one topic or several. Several are one source: partition n of all of them is one task's. Keys and values, null or not, and
   * headers are as in the topic; timestamps are what the extractor makes of them.
   *
   * With a pattern it reads all topics whose whole names match, but for those of the application itself; no other source may
   * read these. At least one has to exist at the start; more are found while it runs (`metadataMaxAgeMs`). One with more
   * partitions than those before stops an application that keeps rows of them: `CATALOGUE_MISMATCH`.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken or not allowed.
   * @example
   * ```ts
   * builder.stream(['lines', 'more-lines'], { key: serdes.string, value: serdes.string })
   * // lines     : ('a', 'kafka')
   * // more-lines: ('b', 'sql')
   * // out       : ('a', 'kafka') ('b', 'sql')
   * ```
   */
  stream<K, V>(
    topics: string | readonly string[] | RegExp,
    options: StreamOptions<K, V>,
  ): KStream<K, V> {
    const name = this.#graph.nameNode(SOURCE, options.name)
    const definition = sourceDefinition(name, topics, options)
    this.#graph.add(definition)
    const { key, value } = definition
    return this.#dsl.stream({ node: name, key, value, keyChanged: false, valueMapped: false })
  }

  /**
   * Reads a topic as a table: each record is the new row of its key, and a null value deletes the row. Records with a null key
   * are dropped and counted. Partitions and headers are the topic's; timestamps are what the extractor makes of them.
   *
   * Later records win, whatever their timestamps. Not so with `versioned`: then a record is a version of its row, from its
   * timestamp on; one that is older than the history is dropped and counted. A stream that is joined with the table finds the row
   * as it was at the time of its record; joins and groups of tables leave out versions that are not the latest; changes are never
   * held back until commit.
   *
   * The table is kept in a store, which anyone can query, when that has a name or
   * when an operator below needs it; otherwise records only pass through.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when a name is taken or not allowed.
   * @example
   * ```ts
   * const prices = builder.table('prices', { key: serdes.string, value: serdes.double, store: 'prices' })
   * // prices: ('tea', 2) ('tea', 3) ('milk', 1) ('milk', null)
   * // rows  : ('tea', 3)
   * ```
   */
  table<K, V>(topic: string, options: SourceTableOptions<K, V>): KTable<K, V | null> {
    const isStored = options.store !== undefined
    return this.#dsl.table(this.#addTable(topic, options, { isStored, isGlobal: false }).state)
  }

  /**
   * Reads a topic as a table that all tasks can read whole, to be joined with streams of any partitioning. As with `table`,
   * each record is the new row of its key, a null value deletes the row, and records with a null key are dropped and counted. A row
   * has the timestamp of its record, but not its headers.
   *
   * The rows are written once into the database, each by the task of its source partition, and read from there by all. An
   * instance begins to process what reads the table when the table has come to where its topic ended at the instance's start.
   * Records of the topic do not move stream time. It is read from its beginning, always.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when a name is taken or not allowed, or `offsetReset` is given all the same.
   * @example
   * ```ts
   * const names = builder.globalTable('customers', { key: serdes.string, value: serdes.string })
   * orders.join(names, (id, order) => order.customer, (order, name) => `${name} orders ${order.item}`)
   * // customers: ('c1', 'Ann')
   * // orders   : ('o1', { customer: 'c1', item: 'tea' })
   * // out      : ('o1', 'Ann orders tea')
   * ```
   */
  globalTable<K, V>(topic: string, options: GlobalTableOptions<K, V>): GlobalKTable<K, V> {
    const { storeName } = this.#addTable(topic, options, { isStored: true, isGlobal: true })
    const table = Object.freeze({ store: storeName })
    this.#globalStores.set(table, storeName)
    return table
  }

  /**
   * Fills a store from a topic, which all tasks can read whole: any processor finds it by its builder or its name, attached or not.
   * Only the processor that is given here may write it; null keys and values reach that too. As with {@link globalTable}, the rows
   * are written once, each by the task of its source partition; an instance begins to process what may read them when they have
   * come to where the topic ended at the instance's start; and records of the topic do not move stream time.
   *
   * Every record goes through the processor once, in one of the instances, with the timestamp and headers that it has in the topic.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when a name is taken or not allowed, or the store is no key-value store.
   * @example
   * ```ts
   * const names = stores.keyValue({ name: 'names', key: serdes.string, value: serdes.string })
   * builder.addGlobalStore(names, 'customers', ({ key, value }, context) => {
   *   context.store(names).put(key, value.toUpperCase())
   * }, { key: serdes.string, value: serdes.string })
   * builder.stream('orders', { key: serdes.string, value: serdes.string })
   *   .processValues(async (record, context) => {
   *     const name = await context.store(names).get(record.value)
   *     await context.forward({ ...record, value: `for ${name}` })
   *   }).to('out')
   * // customers: ('c1', 'Ann')
   * // orders   : ('o1', 'c1')
   * // out      : ('o1', 'for ANN')
   * ```
   */
  addGlobalStore<K, V>(
    store: StoreBuilder<KeyValueStore<unknown, unknown>>,
    topic: string,
    processor: StoreUpdater<K, V>,
    { name, ...options }: NodeOptions & StoreTopicOptions<K, V>,
  ): this {
    checkGlobalStore(store)
    const source = checkName((name && `${name}-source`) ?? this.#graph.nameNode(SOURCE))
    const node = checkName(name ?? this.#graph.nameNode(TABLE_SOURCE))
    this.#graph.add(globalSourceDefinition(source, topic, options))
    addUpdater(this.#graph, { name: node, source, store, processor })
    return this
  }

  /**
   * The topology as defined so far, checked and optimised. The builder can go on; what was built
   * does not change.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when a serde is missing, sources contradict each other, or names are generated
   *   that must not be.
   * @example
   * ```ts
   * builder.stream('lines', { key: serdes.string, value: serdes.string }).to('copy')
   * const topology = builder.build({ optimize: 'all', ensureExplicitNames: true })
   * // lines: ('a', 'kafka')
   * // copy : ('a', 'kafka')
   * ```
   */
  build(options: BuildOptions = {}): Topology {
    return Topology.of(this.#graph.definitions, options)
  }

  /** Numbers as in Kafka Streams: first the store, then the source, then the table. */
  #addTable<K, V>(
    topic: string,
    options: SourceTableOptions<K, V>,
    { isStored, isGlobal }: { readonly isStored: boolean; readonly isGlobal: boolean },
  ): { readonly state: TableState; readonly storeName: string } {
    const storeName = this.#graph.nameStore(`${topic}-`, options.store)
    const given = options.name && `${options.name}-source`
    const source = given ?? this.#graph.nameNode(SOURCE)
    const name = options.name ?? this.#graph.nameNode(TABLE_SOURCE)
    const define = isGlobal ? globalSourceDefinition : sourceDefinition
    const definition = define(checkName(source), topic, options)
    this.#graph.add(definition)
    const table = {
      name: checkName(name),
      parent: source,
      ...{ key: definition.key, value: definition.value, storeName },
      cache: options.cache ?? true,
      isStored,
      version: storeVersion(options, definition.value),
    }
    const state = options.versioned
      ? addVersionedSource(this.#graph, table, options.versioned.historyRetentionMs)
      : addTableSource(this.#graph, table)
    return { state, storeName }
  }
}
