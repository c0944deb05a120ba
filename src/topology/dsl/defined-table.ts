import { TopologyError } from '../../errors/topology-error.ts'
import type { Serde } from '../../serdes/serde.ts'
import type {
  KeyValue,
  RecordFunction,
  StreamPartitioner,
  ValueFunction,
} from '../processing/functions.ts'
import { addForeignJoin } from './add-foreign-join.ts'
import { addSuppress, type VersionedSuppress } from './add-suppress.ts'
import { addTableJoin, type TableJoin } from './add-table-join.ts'
import { addTableValues } from './add-table-values.ts'
import { checkFunction } from './check-function.ts'
import type { DslFactory } from './dsl-factory.ts'
import type { KGroupedTable, KStream, KTable } from './dsl.ts'
import type { NodeOptions, SerdeOptions, TableStoreOptions } from './options.ts'
import type { TableState } from './table-state.ts'

/** Functions see rows that are there. */
type Row = NonNullable<unknown>
type Joiner = (left: never, right: never) => unknown
type Predicate = (key: unknown, value: Row) => boolean

/** Options of a join of tables; with a foreign key it is one by foreign key. */
interface JoinOptions extends TableStoreOptions<unknown> {
  readonly foreignKey?: (value: never, key: never) => unknown
  readonly leftValue?: Serde<unknown>
  readonly rightValue?: Serde<unknown>
  readonly otherPartitioner?: StreamPartitioner<never, null>
}

/** A table of the topology that is being defined. */
export class DefinedTable implements KTable<unknown, unknown, unknown, unknown> {
  readonly #dsl: DslFactory
  readonly #state: TableState

  constructor(dsl: DslFactory, state: TableState) {
    this.#dsl = dsl
    this.#state = state
  }

  get store(): string | undefined {
    return this.#state.store
  }

  filter<KC, VC>(
    predicate: Predicate,
    options: TableStoreOptions<unknown> = {},
  ): KTable<unknown, unknown, KC, VC> {
    checkFunction(predicate, 'filter')
    return this.#filter(predicate, true, options)
  }

  filterNot<KC, VC>(
    predicate: Predicate,
    options: TableStoreOptions<unknown> = {},
  ): KTable<unknown, unknown, KC, VC> {
    checkFunction(predicate, 'filterNot')
    return this.#filter(predicate, false, options)
  }

  mapValues<V, KC, VC>(
    given: (value: Row, key: unknown) => V,
    options: TableStoreOptions<unknown> = {},
  ): KTable<unknown, V, KC, VC> {
    checkFunction(given, 'mapValues')
    const mapper = given as ValueFunction<V>
    const state = addTableValues(this.#dsl.graph, {
      prefix: 'KTABLE-MAPVALUES-',
      numbersStore: true,
      parent: this.#state,
      options,
      value: this.#state.value,
      wantsOldValues: false,
      define: (common) => ({ ...common, kind: 'table-map-values', mapper }),
      getter: (parent) => ({ kind: 'map-values', parent, mapper }),
    })
    return this.#dsl.table(state)
  }

  transformValues<V, KC, VC>(
    createTransformer: () => ValueFunction<V>,
    options: TableStoreOptions<unknown> = {},
  ): KTable<unknown, V, KC, VC> {
    checkFunction(createTransformer, 'transformValues')
    const state = addTableValues(this.#dsl.graph, {
      prefix: 'KTABLE-TRANSFORMVALUES-',
      numbersStore: false,
      parent: this.#state,
      options,
      value: this.#state.value,
      wantsOldValues: false,
      define: (common) => ({ ...common, kind: 'table-transform-values', createTransformer }),
      getter: (parent) => ({ kind: 'transform-values', parent, createTransformer }),
    })
    return this.#dsl.table(state)
  }

  groupBy<K, V, VC>(
    selector: (key: unknown, value: Row) => KeyValue,
    { name, ...serdes }: SerdeOptions = {},
  ): KGroupedTable<K, V, VC> {
    checkFunction(selector, 'groupBy')
    const { graph } = this.#dsl
    const { key, value } = { ...this.#state, ...serdes }
    const node = graph.nameNode('KTABLE-SELECT-', name)
    this.#state.sendOldValues(true)
    const parents = [this.#state.node]
    const isVersioned = this.#state.isVersioned === true
    const group = { kind: 'table-group', name: node, parents, key, isVersioned } as const
    graph.add({ ...group, selector: selector as RecordFunction<KeyValue> })
    return this.#dsl.tableGroup({ node, key, value, name })
  }

  suppress<V, KC, VC>(
    options: VersionedSuppress & { readonly value?: Serde<unknown> },
  ): KTable<unknown, V, KC, VC> {
    const value = options.value ?? this.#state.value
    return this.#dsl.table(addSuppress(this.#dsl.graph, this.#state, options, value))
  }

  join<KC, VC>(
    other: object,
    joiner: Joiner,
    options?: JoinOptions,
  ): KTable<unknown, unknown, KC, VC> {
    return this.#join(other, joiner, options, { keepsLeft: false, keepsRight: false })
  }

  leftJoin<KC, VC>(
    other: object,
    joiner: Joiner,
    options?: JoinOptions,
  ): KTable<unknown, unknown, KC, VC> {
    return this.#join(other, joiner, options, { keepsLeft: true, keepsRight: false })
  }

  outerJoin<KC, VC>(
    other: object,
    joiner: Joiner,
    options?: TableStoreOptions<unknown>,
  ): KTable<unknown, unknown, KC, VC> {
    return this.#join(other, joiner, options, { keepsLeft: true, keepsRight: true })
  }

  toStream<K>(
    selectorOrOptions: RecordFunction<K> | NodeOptions = {},
    options: NodeOptions = {},
  ): KStream<K, unknown, unknown, unknown> {
    if (typeof selectorOrOptions !== 'function') return this.#toStream(selectorOrOptions)
    return this.#toStream(options).selectKey(selectorOrOptions as RecordFunction<K>)
  }

  #toStream<K>({ name }: NodeOptions): KStream<K, unknown, unknown, unknown> {
    const { graph } = this.#dsl
    const { node: parent, key, value } = this.#state
    const node = graph.nameNode('KTABLE-TOSTREAM-', name)
    graph.add({ kind: 'to-stream', name: node, parents: [parent] })
    return this.#dsl.stream({ node, key, value, keyChanged: false, valueMapped: false })
  }

  #join<KC, VC>(
    other: object,
    joiner: Joiner,
    options: JoinOptions = {},
    kept: { readonly keepsLeft: boolean; readonly keepsRight: boolean },
  ): KTable<unknown, unknown, KC, VC> {
    checkFunction(joiner, 'the joiner of a join')
    const right = this.#dsl.tableStateOf(other)
    if (right === undefined)
      throw new TopologyError('a table is joined with a table of the same StreamsBuilder')
    if (options.foreignKey !== undefined) return this.#joinForeign(right, joiner, options, kept)
    const join = {
      left: this.#state,
      right,
      joiner: joiner as TableJoin['joiner'],
      options,
      ...kept,
    }
    return this.#dsl.table(addTableJoin(this.#dsl.graph, join))
  }

  #joinForeign<KC, VC>(
    right: TableState,
    joiner: Joiner,
    { foreignKey, leftValue, rightValue, otherPartitioner, ...options }: JoinOptions,
    { keepsLeft }: { readonly keepsLeft: boolean },
  ): KTable<unknown, unknown, KC, VC> {
    checkFunction(foreignKey, 'the foreignKey of a join')
    const state = addForeignJoin(this.#dsl.graph, {
      ...{ left: this.#state, right, options, keepsUnmatched: keepsLeft },
      foreignKeyOf: foreignKey as ValueFunction<unknown>,
      joiner: joiner as TableJoin['joiner'],
      leftValue: leftValue ?? this.#state.value,
      rightValue: rightValue ?? right.value,
      rightPartitioner: otherPartitioner as StreamPartitioner | undefined,
    })
    return this.#dsl.table(state)
  }

  #filter<K, V, KC, VC>(
    given: Predicate,
    passing: boolean,
    options: TableStoreOptions<unknown>,
  ): KTable<K, V, KC, VC> {
    const predicate = given as RecordFunction<boolean>
    const state = addTableValues(this.#dsl.graph, {
      prefix: 'KTABLE-FILTER-',
      numbersStore: true,
      parent: this.#state,
      options,
      value: this.#state.value,
      wantsOldValues: true,
      define: (common) => ({ ...common, kind: 'table-filter', predicate, passing }),
      getter: (parent) => ({ kind: 'filter', parent, predicate, passing }),
    })
    return this.#dsl.table(state)
  }
}
