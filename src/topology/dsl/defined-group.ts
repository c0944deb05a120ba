import type { Serde } from '../../serdes/serde.ts'
import { countSerde } from '../../serdes/count-serde.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import { COUNT, aggregateWith, reduceWith, type Aggregation } from '../processing/aggregation.ts'
import { addRepartition } from './add-repartition.ts'
import { checkFunction } from './check-function.ts'
import type {
  AggregateOptions,
  CountOptions,
  KGroupedStream,
  KTable,
  ReduceOptions,
} from './dsl.ts'
import type { DslFactory } from './dsl-factory.ts'
import type { GroupState } from './group-state.ts'
import type { StoreOptions } from './options.ts'
import { inStore } from './table-state.ts'

const AGGREGATE = 'KSTREAM-AGGREGATE-'
const REDUCE = 'KSTREAM-REDUCE-'

/** What an aggregate is made of. */
interface Aggregate {
  readonly prefix: string
  readonly aggregation: Aggregation
  readonly value: Serde<unknown>
}

/** A group of the topology that is being defined. */
export class DefinedGroup implements KGroupedStream<unknown, unknown, unknown> {
  readonly #dsl: DslFactory
  readonly #state: GroupState

  constructor(dsl: DslFactory, state: GroupState) {
    this.#dsl = dsl
    this.#state = state
  }

  count(options: CountOptions = {}): KTable<unknown, number> {
    // Kafka Streams takes a number for the store twice when it is materialised without a name.
    if (options.store === undefined && options.cache !== undefined)
      this.#dsl.graph.nameStore(AGGREGATE)
    const aggregation =
      options.combine === false ? Object.freeze({ ...COUNT, merge: undefined }) : COUNT
    return this.#aggregate({ prefix: AGGREGATE, aggregation, value: countSerde }, options)
  }

  reduce<V>(
    reducer: (aggregate: V, value: V) => V | null | undefined,
    options: ReduceOptions & { readonly value?: Serde<V> } = {},
  ): KTable<unknown, V> {
    checkFunction(reducer, 'reduce')
    const aggregation = reduceWith(
      reducer as Parameters<typeof reduceWith>[0],
      options.combine === true,
    )
    const value = (options.value as Serde<unknown> | undefined) ?? this.#state.value
    return this.#aggregate({ prefix: REDUCE, aggregation, value }, options)
  }

  aggregate<A>(
    options: AggregateOptions<A> & {
      readonly add: (
        key: unknown,
        value: NonNullable<unknown>,
        aggregate: A,
      ) => A | null | undefined
    },
  ): KTable<unknown, A> {
    checkFunction(options.init, 'the init of aggregate')
    checkFunction(options.add, 'the add of aggregate')
    const aggregation = aggregateWith(options as Parameters<typeof aggregateWith>[0])
    return this.#aggregate(
      {
        prefix: AGGREGATE,
        aggregation,
        value: (options.value as Serde<unknown> | undefined) ?? MISSING_SERDE,
      },
      options,
    )
  }

  #aggregate<A>(
    { prefix, aggregation, value }: Aggregate,
    options: StoreOptions,
  ): KTable<unknown, A> {
    const { graph } = this.#dsl
    const { key, needsRepartition } = this.#state
    const storeName = graph.nameStore(prefix, options.store)
    const node = graph.nameNode(prefix, options.name)
    const parent = needsRepartition
      ? addRepartition(graph, this.#state, storeName)
      : this.#state.node
    const store = Object.freeze({
      kind: 'key-value',
      name: storeName,
      key,
      value,
      cache: options.cache ?? true,
    } as const)
    graph.add({ kind: 'aggregate', name: node, parents: [parent], store, aggregation })
    return this.#dsl.table({ node, key, value, ...inStore(storeName) })
  }
}
