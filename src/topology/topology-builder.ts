import type { Serde } from '../serdes/serde.ts'
import { TopologyError } from '../errors/topology-error.ts'
import type { BuildOptions } from './build-options.ts'
import { addProcess } from './dsl/add-process.ts'
import {
  addUpdater,
  checkGlobalStore,
  type AddedUpdater,
  type StoreTopicOptions,
  type StoreUpdater,
} from './dsl/add-updater.ts'
import type { Partitioned, Writes } from './dsl/options.ts'
import {
  globalSourceDefinition,
  sourceDefinition,
  type SourceOptions,
} from './dsl/source-definition.ts'
import { checkName } from './graph/check-name.ts'
import { GraphBuilder } from './graph/graph-builder.ts'
import { MISSING_SERDE } from './graph/missing-serde.ts'
import { nameTaken } from './graph/name-taken.ts'
import type { NodeDefinition } from './graph/node-definition.ts'
import { pathTo } from './graph/path-to.ts'
import { sortByParents } from './graph/sort-by-parents.ts'
import type { SourceDefinition } from './nodes/source-node.ts'
import type { StreamPartitioner, TopicNameExtractor } from './processing/functions.ts'
import type { ProcessorFunction, ProcessorSupplier } from './processor/processor.ts'
import type { KeyValueStore } from './processor/state-store.ts'
import type { StoreBuilder } from './processor/store-builder.ts'
import { Topology } from './topology.ts'

/** Keys and values of the records that leave each node, by its name. */
export type NodeTypes = Readonly<Record<string, readonly [key: unknown, value: unknown]>>

/** Options of {@link TopologyBuilder.addProcessor}. */
export interface ProcessorOptions<Parent extends string> {
  /** The nodes whose records it gets. */
  readonly parents: readonly Parent[]
  /** The stores that it uses, by their builders, or by their names where another node brings them along. */
  readonly stores?: readonly (StoreBuilder | string)[]
}

/** Options of {@link TopologyBuilder.addSink}. */
export interface SinkOptions<Parent extends string, K, V> extends Partitioned<K, V> {
  readonly parents: readonly Parent[]
  readonly key: Writes<NonNullable<K>>
  readonly value: Writes<NonNullable<V>>
}

/** The names of the nodes that fill a store: of the topic's source, and of the processor. */
export interface UpdaterNames<Source extends string> {
  readonly source: Source
  readonly name: string
}

/** A node until the topology is built. */
interface AddedNode {
  readonly name: string
  readonly isProcessor: boolean
  readonly parents: readonly string[]
  readonly addTo: (graph: GraphBuilder, stores: readonly (StoreBuilder | string)[]) => void
}

/**
 * A topology node by node, as Kafka Streams' `Topology` has it: for whoever needs to say what hangs under what. It knows what
 * leaves each node, so processors and sinks are checked against their parents.
 *
 * @example
 * ```ts
 * const measure: ProcessorFunction<string, string, string, number> = (record, context) =>
 *   context.forward({ ...record, value: record.value.length })
 *
 * const topology = new TopologyBuilder()
 *   .addSource('lines', 'lines', { key: serdes.string, value: serdes.string })
 *   .addProcessor('measure', measure, { parents: ['lines'] })
 *   .addSink('lengths', 'lengths', { parents: ['measure'], key: serdes.string, value: serdes.double })
 *   .build()
 * // lines  : ('a', 'kafka')
 * // lengths: ('a', 5)
 * ```
 */
export class TopologyBuilder<Nodes extends NodeTypes = Record<never, never>> {
  readonly #nodes: AddedNode[] = []
  readonly #attached: { readonly store: StoreBuilder; readonly processors: readonly string[] }[] =
    []

  /**
   * Reads one topic or several, or all that match a pattern, as `StreamsBuilder.stream`. Several are one source: partition n of
   * all of them is one task's. Keys, nulls, timestamps and headers as by {@link StreamsBuilder.stream}.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken or not allowed.
   * @example
   * ```ts
   * const text = { key: serdes.string, value: serdes.string }
   * const topology = new TopologyBuilder()
   *   .addSource('read', ['lines', 'more-lines'], text)
   *   .addSink('write', 'copies', { parents: ['read'], ...text })
   *   .build()
   * // lines     : ('a', 'kafka')
   * // more-lines: ('b', 'sql')
   * // copies    : ('a', 'kafka') ('b', 'sql')
   * ```
   */
  addSource<Name extends string, K, V>(
    name: Name,
    topics: string | readonly string[] | RegExp,
    options: SourceOptions<K, V>,
  ): TopologyBuilder<Nodes & Readonly<Record<Name, readonly [K, V]>>> {
    const source = sourceDefinition(name, topics, options)
    return this.#add({
      ...{ name, parents: [], isProcessor: false },
      addTo: (graph) => graph.add(source),
    })
  }

  /**
   * Hands the records of its parents to a processor. What that forwards goes to the nodes below, or to the one that it names.
   *
   * Null keys and values reach the processor; keys, timestamps and headers are those that it forwards. What it forwards stays in
   * the partition of the record, also where it has another key.
   *
   * @param processor A function of record and context, or an object whose `get` makes a processor for each task.
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken or not allowed, or there are no parents.
   * @example
   * ```ts
   * const sort: ProcessorFunction<string, string> = (record, context) =>
   *   context.forward(record, record.value.length > 3 ? 'long' : 'short')
   * const text = { key: serdes.string, value: serdes.string }
   * const topology = new TopologyBuilder()
   *   .addSource('words', 'words', text)
   *   .addProcessor('sort', sort, { parents: ['words'] })
   *   .addSink('long', 'long-words', { parents: ['sort'], ...text })
   *   .addSink('short', 'short-words', { parents: ['sort'], ...text })
   *   .build()
   * // words      : ('a', 'kafka') ('b', 'sql')
   * // long-words : ('a', 'kafka')
   * // short-words: ('b', 'sql')
   * ```
   */
  addProcessor<
    Name extends string,
    Parent extends keyof Nodes & string,
    KOut = Nodes[Parent][0],
    VOut = Nodes[Parent][1],
  >(
    name: Name,
    processor:
      | ProcessorFunction<Nodes[Parent][0], Nodes[Parent][1], KOut, VOut>
      | ProcessorSupplier<Nodes[Parent][0], Nodes[Parent][1], KOut, VOut>,
    { parents, stores = [] }: ProcessorOptions<Parent>,
  ): TopologyBuilder<Nodes & Readonly<Record<Name, readonly [KOut, VOut]>>> {
    const erased = processor
    return this.#addBelow({
      ...{ name, parents, isProcessor: true },
      addTo: (graph, attached) =>
        addProcess(graph, {
          ...{ name, parents, processor: erased, keepsKey: false },
          stores: [...stores, ...attached],
        }),
    })
  }

  /**
   * Writes the records of its parents to a topic, which must exist, or to the one that a function names for each record. Keys,
   * partitions, nulls, timestamps and headers as by {@link KStream.to}.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken or not allowed, or there are no parents.
   * @example
   * ```ts
   * const text = { key: serdes.string, value: serdes.string }
   * const topology = new TopologyBuilder()
   *   .addSource('orders', 'orders', text)
   *   .addSink('by-status', (id, status) => `orders-${status}`, { parents: ['orders'], ...text })
   *   .build()
   * // orders     : ('o1', 'open') ('o2', 'paid')
   * // orders-open: ('o1', 'open')
   * // orders-paid: ('o2', 'paid')
   * ```
   */
  addSink<Name extends string, Parent extends keyof Nodes & string>(
    name: Name,
    topic: string | TopicNameExtractor<Nodes[Parent][0], Nodes[Parent][1]>,
    { parents, partitioner, ...serdes }: SinkOptions<Parent, Nodes[Parent][0], Nodes[Parent][1]>,
  ): TopologyBuilder<Nodes> {
    const key = (serdes.key as Serde<unknown> | undefined) ?? MISSING_SERDE
    const value = (serdes.value as Serde<unknown> | undefined) ?? MISSING_SERDE
    const sink = {
      name,
      parents,
      key,
      value,
      ...(partitioner && { partitioner: partitioner as StreamPartitioner }),
    }
    const definition: NodeDefinition =
      typeof topic === 'function'
        ? { kind: 'dynamic-sink', topicOf: topic, ...sink }
        : { kind: 'sink', topic: checkName(topic), internal: false, ...sink }
    return this.#addBelow({
      ...{ name, parents, isProcessor: false },
      addTo: (graph) => graph.add(definition),
    })
  }

  /**
   * Attaches a store to processors, as their option `stores` does: those that share one are one sub-topology, and each task has the
   * rows of its partition.
   *
   * @example
   * ```ts
   * const seen = stores.keyValue({ name: 'seen', key: serdes.string, value: serdes.string })
   * const once: ProcessorFunction<string, string> = async (record, context) => {
   *   if (await context.store(seen).get(record.key)) return
   *   context.store(seen).put(record.key, record.value)
   *   await context.forward(record)
   * }
   * const text = { key: serdes.string, value: serdes.string }
   * const topology = new TopologyBuilder()
   *   .addSource('orders', 'orders', text)
   *   .addProcessor('once', once, { parents: ['orders'] })
   *   .addStateStore(seen, 'once')
   *   .addSink('first', 'first-orders', { parents: ['once'], ...text })
   *   .build()
   * // orders      : ('o1', 'open') ('o1', 'paid')
   * // first-orders: ('o1', 'open')
   * ```
   */
  addStateStore(
    store: StoreBuilder,
    ...processors: readonly (keyof Nodes & string)[]
  ): TopologyBuilder<Nodes> {
    this.#attached.push({ store, processors })
    return this
  }

  /**
   * Fills a store from a topic, for processors of the same partition: those that attach it only read it, and are one sub-topology
   * with its source. The topic has to have as many partitions as theirs, else the start stops (`COPARTITIONING`), and equal keys in
   * partitions of the same number. The updater sees each record as it is, with its timestamp and its headers, and null keys and
   * values too.
   *
   * @param updater The only one that may write the store.
   * @throws TopologyError `TOPOLOGY_INVALID` when a name is taken or not allowed.
   * @example
   * ```ts
   * const names = stores.keyValue({ name: 'names', key: serdes.string, value: serdes.string })
   * const keep: ProcessorFunction<string, string, never, never> = ({ key, value }, context) =>
   *   context.store(names).put(key, value)
   * const greet: ProcessorFunction<string, string> = async (record, context) => {
   *   const name = await context.store(names).get(record.key)
   *   await context.forward({ ...record, value: `${record.value} ${name}` })
   * }
   * const text = { key: serdes.string, value: serdes.string }
   * const topology = new TopologyBuilder()
   *   .addReadOnlyStateStore(names, 'customers', keep, { source: 'customers', name: 'keep', ...text })
   *   .addSource('visits', 'visits', text)
   *   .addProcessor('greet', greet, { parents: ['visits'], stores: [names] })
   *   .addSink('out', 'out', { parents: ['greet'], ...text })
   *   .build()
   * // customers: ('c1', 'Ann')
   * // visits   : ('c1', 'hello')
   * // out      : ('c1', 'hello Ann')
   * ```
   */
  addReadOnlyStateStore<Source extends string, K, V>(
    store: StoreBuilder,
    topic: string,
    updater: StoreUpdater<K, V>,
    options: UpdaterNames<Source> & StoreTopicOptions<K, V>,
  ): TopologyBuilder<Nodes & Readonly<Record<Source, readonly [K, V]>>> {
    this.#addFilledStore(
      { store, processor: updater, ...options },
      sourceDefinition(options.source, topic, options),
    )
    return retyped(this)
  }

  /**
   * Fills a store from a topic that all tasks can read whole, attached or not. Nothing can hang under its nodes. Keys, partitions,
   * nulls, timestamps and headers as by {@link StreamsBuilder.addGlobalStore}.
   *
   * @throws TopologyError `TOPOLOGY_INVALID` when a name is taken or not allowed, or the store is no key-value store.
   * @example
   * ```ts
   * const names = stores.keyValue({ name: 'names', key: serdes.string, value: serdes.string })
   * const keep: ProcessorFunction<string, string, never, never> = ({ key, value }, context) =>
   *   context.store(names).put(key, value)
   * const greet: ProcessorFunction<string, string> = async (record, context) => {
   *   const name = await context.store(names).get(record.value)
   *   await context.forward({ ...record, value: `hello ${name}` })
   * }
   * const text = { key: serdes.string, value: serdes.string }
   * const topology = new TopologyBuilder()
   *   .addGlobalStore(names, 'customers', keep, { source: 'customers', name: 'keep', ...text })
   *   .addSource('visits', 'visits', text)
   *   .addProcessor('greet', greet, { parents: ['visits'] })
   *   .addSink('out', 'out', { parents: ['greet'], ...text })
   *   .build()
   * // customers: ('c1', 'Ann')
   * // visits   : ('v1', 'c1')
   * // out      : ('v1', 'hello Ann')
   * ```
   */
  addGlobalStore<K, V>(
    store: StoreBuilder<KeyValueStore<unknown, unknown>>,
    topic: string,
    updater: StoreUpdater<K, V>,
    options: UpdaterNames<string> & StoreTopicOptions<K, V>,
  ): TopologyBuilder<Nodes> {
    checkGlobalStore(store)
    const source = globalSourceDefinition(options.source, topic, options)
    return this.#addFilledStore({ store, processor: updater, ...options }, source)
  }

  /**
   * The topology as added so far. Nodes may have been added in any order.
   *
   * @throws TopologyError `TOPOLOGY_INVALID`, with the node and what leads to it, when a parent is not there, nodes hang under
   *   themselves, a store is attached to nothing or by a name that nobody has, or sources contradict each other.
   * @example
   * ```ts
   * const topology = new TopologyBuilder()
   *   .addSource('lines', 'lines', { key: serdes.string, value: serdes.string })
   *   .addSink('copy', 'copies', { parents: ['lines'], key: serdes.string, value: serdes.string })
   *   .build({ optimize: 'all' })
   * // lines : ('a', 'kafka')
   * // copies: ('a', 'kafka')
   * ```
   */
  build(options: BuildOptions = {}): Topology {
    const graph = new GraphBuilder()
    const sorted = sortByParents(this.#nodes)
    this.#checkStores(sorted)
    for (const { name, addTo } of sorted) addTo(graph, this.#storesOf(name))
    checkSinks(graph)
    return Topology.of(graph.definitions, options)
  }

  #addFilledStore(updater: AddedUpdater, source: SourceDefinition): TopologyBuilder<Nodes> {
    const { name } = updater
    this.#add({
      ...{ name: source.name, parents: [], isProcessor: false },
      addTo: (graph) => graph.add(source),
    })
    return this.#add({
      ...{ name, parents: [source.name], isProcessor: false },
      addTo: (graph) => addUpdater(graph, updater),
    })
  }

  #add<More extends NodeTypes>(node: AddedNode): TopologyBuilder<Nodes & More> {
    checkName(node.name)
    const find = (name: string) => this.#nodes.find((one) => one.name === name)
    const taken = find(node.name)
    if (taken) throw nameTaken(node.name, pathTo(taken, find), pathTo(node, find))
    this.#nodes.push(node)
    return retyped<Nodes & More>(this)
  }

  #addBelow<More extends NodeTypes>(node: AddedNode): TopologyBuilder<Nodes & More> {
    if (node.parents.length === 0)
      throw new TopologyError(`node ${node.name} has no parents: name those whose records it gets`)
    return this.#add(node)
  }

  #storesOf(node: string): readonly StoreBuilder[] {
    return this.#attached.flatMap(({ store, processors }) =>
      processors.includes(node) ? [store] : [],
    )
  }

  #checkStores(nodes: readonly AddedNode[]): void {
    for (const { store, processors } of this.#attached) {
      if (processors.length === 0)
        throw new TopologyError(`the store ${store.name} is attached to no processor`)
      const isProcessor = (name: string) =>
        nodes.some((node) => node.name === name && node.isProcessor)
      const other = processors.find((name) => !isProcessor(name))
      if (other !== undefined)
        throw new TopologyError(
          `the store ${store.name} is attached to ${other}, but no processor is named so`,
        )
    }
  }
}

/** @throws TopologyError `TOPOLOGY_INVALID` that names the first node below a sink. */
function checkSinks(graph: GraphBuilder): void {
  const sinks = new Set(
    graph.definitions
      .filter(({ kind }) => kind === 'sink' || kind === 'dynamic-sink')
      .map(({ name }) => name),
  )
  const below = graph.definitions.find(({ parents }) => parents.some((name) => sinks.has(name)))
  if (below) throw new TopologyError(`nothing can hang under a sink: ${graph.pathOf(below.name)}`)
}

/** The same builder, which knows of another node by now. */
function retyped<Nodes extends NodeTypes>(builder: unknown): TopologyBuilder<Nodes> {
  return builder as TopologyBuilder<Nodes>
}
