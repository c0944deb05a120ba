import type { Serde } from '../../serdes/serde.ts'
import { TopologyError } from '../../errors/topology-error.ts'
import { checkName } from '../graph/check-name.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { NodeDefinition } from '../graph/node-definition.ts'
import type {
  KeyValue,
  RecordFunction,
  TopicNameExtractor,
  ValueFunction,
  ValueJoiner,
} from '../processing/functions.ts'
import type { ProcessorFunction, ProcessorSupplier } from '../processor/processor.ts'
import { addProcess } from './add-process.ts'
import { addOwnRepartition, addRepartition } from './add-repartition.ts'
import { addStreamJoin, type StreamJoin } from './add-stream-join.ts'
import {
  addGlobalTableJoin,
  addStreamTableJoin,
  type StreamTableJoinOptions,
} from './add-stream-table-join.ts'
import { addTableSource } from './add-table-source.ts'
import { checkAsyncOptions } from './check-async-options.ts'
import { checkFunction } from './check-function.ts'
import { checkPartitions } from './check-partitions.ts'
import { DefinedBranches } from './defined-branches.ts'
import type { DslFactory } from './dsl-factory.ts'
import type {
  AsyncOptions,
  BranchedKStream,
  JoinWindowOptions,
  KGroupedStream,
  KStream,
  KTable,
  PrintOptions,
  ProcessOptions,
  RepartitionOptions,
} from './dsl.ts'
import { toJoinWindows } from './join-windows.ts'
import type { NodeOptions, Partitioned, SerdeOptions, StoreOptions } from './options.ts'
import { printRecord } from './print-record.ts'
import { joinVersions, storeVersion, type JoinVersionOptions } from './store-version.ts'
import { commonSerde, type StreamState } from './stream-state.ts'
import type { TableState } from './table-state.ts'

const TO_TABLE = 'KSTREAM-TOTABLE-'

type AnyStream<K, V> = KStream<K, V, unknown, unknown>

/** Options of a stream-stream join. */
interface JoinOptions extends SerdeOptions, JoinWindowOptions, JoinVersionOptions {
  readonly otherValue?: Serde<unknown>
}

/** What is given beside the other side of a join: joiner and options, for a global table a selector before them. */
type JoinArguments = readonly [first: unknown, second?: unknown, third?: NodeOptions | undefined]

/** A stream of the topology that is being defined. */
export class DefinedStream implements KStream<unknown, unknown, unknown, unknown> {
  readonly #dsl: DslFactory
  readonly #state: StreamState

  constructor(dsl: DslFactory, state: StreamState) {
    this.#dsl = dsl
    this.#state = state
  }

  filter(
    predicate: RecordFunction<boolean>,
    { name }: NodeOptions = {},
  ): AnyStream<unknown, unknown> {
    return this.#filter(predicate, true, name)
  }

  filterNot(
    predicate: RecordFunction<boolean>,
    { name }: NodeOptions = {},
  ): AnyStream<unknown, unknown> {
    return this.#filter(predicate, false, name)
  }

  map<K, V>(mapper: RecordFunction<KeyValue<K, V>>, { name }: NodeOptions = {}): AnyStream<K, V> {
    checkFunction(mapper, 'map')
    const node = this.#name('KSTREAM-MAP-', name)
    return this.#add(
      { kind: 'map', name: node, parents: this.#parents, mapper },
      { keyChanged: true, valueMapped: true },
    )
  }

  mapValues<V>(mapper: ValueFunction<V>, { name }: NodeOptions = {}): AnyStream<unknown, V> {
    checkFunction(mapper, 'mapValues')
    const node = this.#name('KSTREAM-MAPVALUES-', name)
    return this.#add(
      { kind: 'map-values', name: node, parents: this.#parents, mapper },
      { valueMapped: true },
    )
  }

  mapValuesAsync<V>(
    mapper: ValueFunction<V | PromiseLike<V>>,
    options: AsyncOptions = {},
  ): AnyStream<unknown, V> {
    checkFunction(mapper, 'mapValuesAsync')
    const node = this.#name('KSTREAM-MAPVALUES-ASYNC-', options.name)
    const calls = checkAsyncOptions(node, options)
    return this.#add(
      { kind: 'map-values-async', name: node, parents: this.#parents, mapper, ...calls },
      { valueMapped: true },
    )
  }

  flatMap<K, V>(
    mapper: RecordFunction<Iterable<KeyValue<K, V>>>,
    { name }: NodeOptions = {},
  ): AnyStream<K, V> {
    checkFunction(mapper, 'flatMap')
    const node = this.#name('KSTREAM-FLATMAP-', name)
    const change = { keyChanged: true, valueMapped: true }
    return this.#add({ kind: 'flat-map', name: node, parents: this.#parents, mapper }, change)
  }

  flatMapValues<V>(
    mapper: ValueFunction<Iterable<V>>,
    { name }: NodeOptions = {},
  ): AnyStream<unknown, V> {
    checkFunction(mapper, 'flatMapValues')
    const node = this.#name('KSTREAM-FLATMAPVALUES-', name)
    return this.#add(
      { kind: 'flat-map-values', name: node, parents: this.#parents, mapper },
      { valueMapped: true },
    )
  }

  selectKey<K>(selector: RecordFunction<K>, { name }: NodeOptions = {}): AnyStream<K, unknown> {
    checkFunction(selector, 'selectKey')
    const node = this.#name('KSTREAM-KEY-SELECT-', name)
    return this.#add(
      { kind: 'select-key', name: node, parents: this.#parents, selector },
      { keyChanged: true },
    )
  }

  peek(action: RecordFunction<void>, { name }: NodeOptions = {}): AnyStream<unknown, unknown> {
    checkFunction(action, 'peek')
    const node = this.#name('KSTREAM-PEEK-', name)
    return this.#add({ kind: 'peek', name: node, parents: this.#parents, action }, {})
  }

  foreach(action: RecordFunction<void>, { name }: NodeOptions = {}): void {
    checkFunction(action, 'foreach')
    const node = this.#name('KSTREAM-FOREACH-', name)
    this.#dsl.graph.add({ kind: 'peek', name: node, parents: this.#parents, action })
  }

  print({ label, mapper, name }: PrintOptions<unknown, unknown> = {}): void {
    const action = printRecord(label ?? this.#state.node, mapper)
    const node = this.#name('KSTREAM-PRINTER-', name)
    this.#dsl.graph.add({ kind: 'peek', name: node, parents: this.#parents, action })
  }

  split({ name }: NodeOptions = {}): BranchedKStream<unknown, unknown, unknown, unknown> {
    const node = this.#name('KSTREAM-BRANCH-', name)
    const branches = { branches: [], defaultChild: undefined }
    this.#dsl.graph.add({ kind: 'branch', name: node, parents: this.#parents, ...branches })
    return new DefinedBranches(this.#dsl, this.#state, node)
  }

  merge<K, V, KC, VC>(
    other: KStream<K, V, KC, VC>,
    { name }: NodeOptions = {},
  ): KStream<unknown, unknown, KC, VC> {
    const others = this.#dsl.stateOf(other)
    if (others === undefined)
      throw new TopologyError('merge takes a stream of the same StreamsBuilder')
    const node = this.#name('KSTREAM-MERGE-', name)
    const parents = [...new Set([this.#state.node, others.node])]
    return this.#add(
      { kind: 'merge', name: node, parents },
      {
        key: commonSerde(this.#state.key, others.key),
        value: commonSerde(this.#state.value, others.value),
        keyChanged: this.#state.keyChanged || others.keyChanged,
        valueMapped: this.#state.valueMapped || others.valueMapped,
      },
    )
  }

  join<R>(other: object, ...rest: JoinArguments): KStream<NonNullable<unknown>, R, unknown, never> {
    return this.#joinAny('inner', other, rest)
  }

  leftJoin<R>(other: object, ...rest: JoinArguments): KStream<unknown, R, unknown, never> {
    return this.#joinAny('left', other, rest)
  }

  outerJoin<V, V2, R>(
    other: object,
    joiner: (value: V | null, other: V2 | null, key: unknown) => R,
    options: JoinOptions,
  ): KStream<unknown, R, unknown, never> {
    return this.#join('outer', other, joiner as ValueJoiner, options)
  }

  groupByKey<K, V, VC>(options: SerdeOptions = {}): KGroupedStream<K, V, VC> {
    const { node, key, value, keyChanged, valueMapped } = this.#state
    return this.#dsl.group({
      node,
      key: options.key ?? key,
      value: options.value ?? value,
      // Only here no type can say whether the value's serde will be needed, so only here a mapped
      // value is not trusted.
      repartitionValue: options.value ?? (valueMapped ? MISSING_SERDE : value),
      needsRepartition: keyChanged,
      name: options.name,
    })
  }

  groupBy<K, V, VC>(
    selector: RecordFunction<unknown>,
    options: SerdeOptions = {},
  ): KGroupedStream<K, V, VC> {
    checkFunction(selector, 'groupBy')
    const node = this.#name('KSTREAM-KEY-SELECT-', options.name)
    this.#dsl.graph.add({ kind: 'select-key', name: node, parents: this.#parents, selector })
    const key = options.key ?? this.#state.key
    const value = options.value ?? this.#state.value
    return this.#dsl.group({
      node,
      key,
      value,
      repartitionValue: value,
      needsRepartition: true,
      name: options.name,
    })
  }

  toTable<K, V>(options: SerdeOptions & StoreOptions = {}): KTable<K, V> {
    const { graph } = this.#dsl
    const { keyChanged } = this.#state
    const { name, store, cache = true } = options
    const { key = this.#state.key, value = this.#state.value } = options
    const storeName = graph.nameStore(TO_TABLE, store)
    const node = graph.nameNode(TO_TABLE, name)
    const stream = { node: this.#state.node, key, repartitionValue: value, name: undefined }
    const parent = keyChanged ? addRepartition(graph, stream, node) : this.#state.node
    const isStored = store !== undefined
    const version = storeVersion(options, value)
    const source = { name: node, parent, key, value, storeName, cache, isStored, version }
    return this.#dsl.table(addTableSource(graph, source))
  }

  process<K, V>(
    processor:
      ProcessorFunction<unknown, unknown, K, V> | ProcessorSupplier<unknown, unknown, K, V>,
    { name, stores = [] }: ProcessOptions = {},
  ): AnyStream<K, V> {
    const node = this.#name('KSTREAM-PROCESSOR-', name)
    this.#process(node, processor, false, stores)
    return this.#dsl.stream({ ...this.#state, node, keyChanged: true, valueMapped: true })
  }

  processValues<V>(
    processor:
      | ProcessorFunction<unknown, unknown, unknown, V>
      | ProcessorSupplier<unknown, unknown, unknown, V>,
    { name, stores = [] }: ProcessOptions = {},
  ): AnyStream<unknown, V> {
    const node = this.#name('KSTREAM-PROCESSVALUES-', name)
    this.#process(node, processor, true, stores)
    return this.#dsl.stream({ ...this.#state, node, valueMapped: true })
  }

  repartition<K, V, KC, VC>({
    name,
    partitions,
    partitioner,
    key = this.#state.key,
    value = this.#state.value,
  }: RepartitionOptions & SerdeOptions = {}): KStream<K, V, KC, VC> {
    const { graph } = this.#dsl
    const topic = name === undefined ? graph.nameNode('KSTREAM-REPARTITION-') : checkName(name)
    if (partitions !== undefined) checkPartitions(topic, partitions)
    const node = addOwnRepartition(
      graph,
      { node: this.#state.node, key, value, partitions, partitioner },
      topic,
    )
    return this.#dsl.stream({ node, key, value, keyChanged: false, valueMapped: false })
  }

  to(
    topic: string | TopicNameExtractor,
    { partitioner, ...options }: SerdeOptions & Partitioned<unknown, unknown> = {},
  ): void {
    const { key = this.#state.key, value = this.#state.value } = options
    const sink = {
      name: this.#name('KSTREAM-SINK-', options.name),
      parents: this.#parents,
      key,
      value,
      ...(partitioner && { partitioner }),
    }
    this.#dsl.graph.add(
      typeof topic === 'function'
        ? { kind: 'dynamic-sink', topicOf: topic, ...sink }
        : { kind: 'sink', topic: checkName(topic), internal: false, ...sink },
    )
  }

  get #parents(): readonly string[] {
    return [this.#state.node]
  }

  #process(
    name: string,
    processor: ProcessorFunction | ProcessorSupplier,
    keepsKey: boolean,
    stores: NonNullable<ProcessOptions['stores']>,
  ): void {
    const parents = this.#parents
    addProcess(this.#dsl.graph, { name, parents, processor, keepsKey, stores })
  }

  #name(prefix: string, given: string | undefined): string {
    return this.#dsl.graph.nameNode(prefix, given)
  }

  /** With a stream, a table or a global table: which of them it is decides what else is given. */
  #joinAny<K, R>(
    kind: 'inner' | 'left',
    other: object,
    [first, second, third]: JoinArguments,
  ): KStream<K, R, unknown, never> {
    const table = this.#dsl.tableStateOf(other)
    if (table)
      return this.#joinTable(kind, table, first, second as StreamTableJoinOptions | undefined)
    const global = this.#dsl.globalStoreOf(other)
    if (global === undefined)
      return this.#join(kind, other, first as ValueJoiner, second as JoinOptions)
    return this.#joinGlobal(kind, global, [first, second, third])
  }

  #joinTable<K, R>(
    kind: 'inner' | 'left',
    table: TableState,
    joiner: unknown,
    options: StreamTableJoinOptions = {},
  ): KStream<K, R, unknown, never> {
    checkFunction(joiner, 'the joiner of a join')
    const joined = addStreamTableJoin(this.#dsl.graph, {
      stream: this.#state,
      table,
      joiner: joiner as ValueJoiner,
      keepsUnmatched: kind === 'left',
      options,
    })
    return this.#dsl.stream(joined)
  }

  #joinGlobal<K, R>(
    kind: 'inner' | 'left',
    global: string,
    [selector, joiner, options = {}]: JoinArguments,
  ): KStream<K, R, unknown, never> {
    checkFunction(selector, 'the selector of a join with a global table')
    checkFunction(joiner, 'the joiner of a join')
    const joined = addGlobalTableJoin(this.#dsl.graph, {
      stream: this.#state,
      global,
      selector: selector as RecordFunction<unknown>,
      joiner: joiner as ValueJoiner,
      keepsUnmatched: kind === 'left',
      options,
    })
    return this.#dsl.stream(joined)
  }

  #join<K, R>(
    kind: StreamJoin['kind'],
    other: object,
    joiner: ValueJoiner,
    options: JoinOptions,
  ): KStream<K, R, unknown, never> {
    checkFunction(joiner, 'the joiner of a join')
    const right = this.#dsl.stateOf(other)
    if (right === undefined)
      throw new TopologyError('a join takes a stream or a table of the same StreamsBuilder')
    const key = options.key ?? this.#state.key
    const leftValue = options.value ?? this.#state.value
    const rightValue = options.otherValue ?? right.value
    const node = addStreamJoin(this.#dsl.graph, {
      kind,
      left: this.#state,
      right,
      joiner,
      windows: toJoinWindows(options),
      lateRecords: options.lateRecords,
      ...{ key, leftValue, rightValue },
      name: options.name,
      store: options.store,
      versions: joinVersions(options, leftValue, rightValue),
    })
    return this.#dsl.stream({
      node,
      key,
      value: MISSING_SERDE,
      keyChanged: false,
      valueMapped: true,
    })
  }

  #filter(
    predicate: RecordFunction<boolean>,
    passing: boolean,
    name?: string,
  ): AnyStream<unknown, unknown> {
    checkFunction(predicate, passing ? 'filter' : 'filterNot')
    const node = this.#name('KSTREAM-FILTER-', name)
    return this.#add({ kind: 'filter', name: node, parents: this.#parents, predicate, passing }, {})
  }

  #add<K, V, KC, VC>(
    definition: NodeDefinition,
    change: Partial<StreamState>,
  ): KStream<K, V, KC, VC> {
    this.#dsl.graph.add(definition)
    return this.#dsl.stream({ ...this.#state, ...change, node: definition.name })
  }
}
