import { countSerde } from '../../serdes/count-serde.ts'
import type { Serde } from '../../serdes/serde.ts'
import { checkName } from '../graph/check-name.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import { changeSerde } from '../processing/change-serde.ts'
import { failOnInvalidTimestamp } from '../processing/timestamp-extractors.ts'
import {
  TABLE_COUNT,
  aggregateTableWith,
  reduceTableWith,
  type TableAggregation,
} from '../processing/table-aggregation.ts'
import { REPARTITION_SUFFIX } from './add-repartition.ts'
import { checkFunction } from './check-function.ts'
import type { KGroupedTable, KTable, TableAggregateOptions } from './dsl.ts'
import type { DslFactory } from './dsl-factory.ts'
import type { StoreOptions } from './options.ts'
import type { TableGroupState } from './table-group-state.ts'
import { storeVersion } from './store-version.ts'
import { inStore } from './table-state.ts'

interface Aggregate {
  readonly prefix: string
  readonly aggregation: TableAggregation
  readonly value: Serde<unknown>
}

const AGGREGATE = 'KTABLE-AGGREGATE-'

/** A grouped table of the topology that is being defined. */
export class DefinedTableGroup implements KGroupedTable<unknown, unknown, unknown> {
  readonly #dsl: DslFactory
  readonly #state: TableGroupState
  /** The source behind the repartition topic that has a name: every aggregate of the group reads it. */
  #shared: string | undefined

  constructor(dsl: DslFactory, state: TableGroupState) {
    this.#dsl = dsl
    this.#state = state
  }

  count(options: StoreOptions<unknown, number> = {}): KTable<unknown, number> {
    const aggregate = { prefix: AGGREGATE, aggregation: TABLE_COUNT, value: countSerde }
    return this.#aggregate(aggregate, options)
  }

  reduce<V>(
    adder: (aggregate: V, value: V) => V | null | undefined,
    subtractor: (aggregate: V, value: V) => V | null | undefined,
    options: StoreOptions<unknown, V> & { readonly value?: Serde<V> } = {},
  ): KTable<unknown, V> {
    checkFunction(adder, 'the adder of reduce')
    checkFunction(subtractor, 'the subtractor of reduce')
    type Reducer = Parameters<typeof reduceTableWith>[0]
    const aggregation = reduceTableWith(adder as Reducer, subtractor as Reducer)
    const value = (options.value as Serde<unknown> | undefined) ?? this.#state.value
    return this.#aggregate({ prefix: 'KTABLE-REDUCE-', aggregation, value }, options)
  }

  aggregate<A>(options: TableAggregateOptions<A>): KTable<unknown, A> {
    const functions = options as unknown as Parameters<typeof aggregateTableWith>[0]
    checkFunction(functions.init, 'the init of aggregate')
    checkFunction(functions.add, 'the add of aggregate')
    checkFunction(functions.subtract, 'the subtract of aggregate')
    const aggregation = aggregateTableWith(functions)
    const value = (options.value as Serde<unknown> | undefined) ?? MISSING_SERDE
    return this.#aggregate({ prefix: AGGREGATE, aggregation, value }, options)
  }

  #aggregate<A, V>(
    { prefix, aggregation, value }: Aggregate,
    options: StoreOptions<unknown, V>,
  ): KTable<unknown, A> {
    const { graph } = this.#dsl
    const { key } = this.#state
    const { store: storeGiven, name, cache = true } = options
    const storeName = graph.nameStore(AGGREGATE, storeGiven)
    const sink = name === undefined ? graph.nameNode('KSTREAM-SINK-') : `${name}-sink`
    const source = name === undefined ? graph.nameNode('KSTREAM-SOURCE-') : `${name}-source`
    const node = name === undefined ? graph.nameNode(prefix) : checkName(name)
    const parent = this.#shared ?? this.#addRepartition(graph, { sink, source }, storeName)
    const version = storeVersion(options, value)
    const definition = { kind: 'key-value' as const, name: storeName, key, value, cache }
    const store = Object.freeze({ ...definition, ...version })
    graph.add({ kind: 'table-aggregate', name: node, parents: [parent], store, aggregation })
    return this.#dsl.table({ node, key, value, store: options.store, ...inStore(storeName) })
  }

  /** Adds a sink for changes, and a source to go on from. */
  #addRepartition(
    graph: GraphBuilder,
    { sink, source }: { readonly sink: string; readonly source: string },
    storeName: string,
  ): string {
    const { node, key, name } = this.#state
    const topic = `${name ?? storeName}${REPARTITION_SUFFIX}`
    const serdes = { key, value: changeSerde(this.#state.value) }
    graph.add({ kind: 'sink', name: sink, parents: [node], topic, internal: true, ...serdes })
    graph.add({
      kind: 'source',
      name: source,
      parents: [],
      topics: [topic],
      ...serdes,
      offsetReset: 'earliest',
      timestampExtractor: failOnInvalidTimestamp,
      internal: true,
      combined: false,
      changes: true,
    })
    if (name !== undefined) this.#shared = source
    return source
  }
}
