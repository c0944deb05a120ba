import type { Serde } from '../../serdes/serde.ts'
import { countSerde } from '../../serdes/count-serde.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import { COUNT, aggregateWith, reduceWith, type Aggregation } from '../processing/aggregation.ts'
import { addAggregate } from './add-aggregate.ts'
import { checkFunction } from './check-function.ts'
import type {
  AggregateOptions,
  CogroupedKStream,
  CountOptions,
  KGroupedStream,
  KTable,
  ReduceOptions,
  SessionWindowedKStream,
  TimeWindowedKStream,
} from './dsl.ts'
import { SessionWindows } from '../windows/session-windows.ts'
import type { WindowsByTime } from './define-windowed-aggregate.ts'
import type { CogroupAdder } from './cogroup-state.ts'
import { DefinedCogroup } from './defined-cogroup.ts'
import { DefinedSessionWindowedStream } from './defined-session-windowed-stream.ts'
import { DefinedTimeWindowedStream } from './defined-time-windowed-stream.ts'
import type { DslFactory } from './dsl-factory.ts'
import type { GroupState } from './group-state.ts'
import type { StoreOptions } from './options.ts'
import { storeVersion } from './store-version.ts'
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
    options: ReduceOptions<unknown, V> & { readonly value?: Serde<V> } = {},
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

  cogroup<A>(add: unknown): CogroupedKStream<unknown, A> {
    checkFunction(add, 'cogroup')
    return new DefinedCogroup(this.#dsl, new Map([[this.#state, add as CogroupAdder]]))
  }

  windowedBy(windows: WindowsByTime): TimeWindowedKStream<unknown, unknown, unknown>
  windowedBy(windows: SessionWindows): SessionWindowedKStream<unknown, unknown, unknown>
  windowedBy(
    windows: WindowsByTime | SessionWindows,
  ):
    | TimeWindowedKStream<unknown, unknown, unknown>
    | SessionWindowedKStream<unknown, unknown, unknown> {
    const state = { group: this.#state, emitsOnClose: false }
    return windows instanceof SessionWindows
      ? new DefinedSessionWindowedStream(this.#dsl, { ...state, windows })
      : new DefinedTimeWindowedStream(this.#dsl, { ...state, windows })
  }

  #aggregate<A, V>(
    { prefix, aggregation, value }: Aggregate,
    options: StoreOptions<unknown, V>,
  ): KTable<unknown, A> {
    const { key } = this.#state
    const { node, storeName } = addAggregate(this.#dsl.graph, this.#state, {
      ...{ prefix, options },
      define: (place, name) => {
        const cache = options.cache ?? true
        const version = storeVersion(options, value)
        const common = { kind: 'key-value', name, key, value, cache } as const
        const store = Object.freeze({ ...common, ...version })
        return { kind: 'aggregate', ...place, store, aggregation }
      },
    })
    return this.#dsl.table({ node, key, value, store: options.store, ...inStore(storeName) })
  }
}
