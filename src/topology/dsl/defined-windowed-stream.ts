import type { Windowed } from '../../model/windowed.ts'
import { countSerde } from '../../serdes/count-serde.ts'
import type { Serde } from '../../serdes/serde.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { SessionMerger } from '../nodes/session-aggregate-node.ts'
import {
  COUNT,
  aggregateOnto,
  aggregateWith,
  reduceWith,
  type AggregateFunctions,
  type Aggregation,
} from '../processing/aggregation.ts'
import type { SessionWindows } from '../windows/session-windows.ts'
import { SlidingWindows } from '../windows/sliding-windows.ts'
import { addAggregate } from './add-aggregate.ts'
import { checkFunction } from './check-function.ts'
import {
  defineWindowedAggregate,
  windowedKeySerde,
  type WindowsByTime,
} from './define-windowed-aggregate.ts'
import type { DslFactory } from './dsl-factory.ts'
import type { KTable, WindowedAggregateOptions } from './dsl.ts'
import type { WindowedStoreOptions } from './options.ts'
import { inStore } from './table-state.ts'
import type { WindowedState } from './windowed-state.ts'

const AGGREGATE = 'KSTREAM-AGGREGATE-'
const REDUCE = 'KSTREAM-REDUCE-'

type Table<V> = KTable<Windowed<unknown>, V>

/** What an aggregate is made of. */
interface Aggregate {
  readonly prefix: string
  readonly aggregation: Aggregation
  readonly value: Serde<unknown>
  readonly merger: SessionMerger | undefined
}

/** A group in windows of the topology that is being defined: what all kinds of windows have in common. */
export abstract class DefinedWindowedStream<Windows extends WindowsByTime | SessionWindows> {
  protected readonly dsl: DslFactory
  protected readonly state: WindowedState<Windows>

  constructor(dsl: DslFactory, state: WindowedState<Windows>) {
    this.dsl = dsl
    this.state = state
  }

  count(options: WindowedStoreOptions = {}): Table<number> {
    // Kafka Streams takes a number for the store twice when it is materialised without a name, but not for sliding windows.
    const isMaterialised = options.cache !== undefined || options.retentionMs !== undefined
    if (
      options.store === undefined &&
      isMaterialised &&
      !(this.state.windows instanceof SlidingWindows)
    )
      this.dsl.graph.nameStore(AGGREGATE)
    const merger: SessionMerger = (_, earlier, later) => (earlier as number) + (later as number)
    return this.define(
      { prefix: AGGREGATE, aggregation: COUNT, value: countSerde, merger },
      options,
    )
  }

  reduce<V>(
    reducer: (aggregate: NonNullable<V>, value: V) => V | null | undefined,
    options: WindowedStoreOptions & { readonly value?: Serde<NonNullable<V>> } = {},
  ): Table<NonNullable<V>> {
    checkFunction(reducer, 'reduce')
    const aggregation = reduceWith(reducer as Parameters<typeof reduceWith>[0], false)
    const value = (options.value as Serde<unknown> | undefined) ?? this.state.group.value
    const merger: SessionMerger = (key, earlier, later) =>
      aggregateOnto(aggregation, key, later, earlier)
    return this.define({ prefix: REDUCE, aggregation, value, merger }, options)
  }

  protected aggregateBy<A, R>(
    options: WindowedAggregateOptions<A> & { readonly add: unknown },
    merger: SessionMerger | undefined,
  ): Table<R> {
    checkFunction(options.init, 'the init of aggregate')
    checkFunction(options.add, 'the add of aggregate')
    const aggregation = aggregateWith({
      init: options.init,
      add: options.add as AggregateFunctions['add'],
    })
    const value = (options.value as Serde<unknown> | undefined) ?? MISSING_SERDE
    return this.define({ prefix: AGGREGATE, aggregation, value, merger }, options)
  }

  protected define<V>(
    { prefix, ...aggregate }: Aggregate,
    options: WindowedStoreOptions,
  ): Table<V> {
    const { group, windows, emitsOnClose } = this.state
    const { node, storeName } = addAggregate(this.dsl.graph, group, {
      ...{ prefix, options },
      define: (place, name) =>
        defineWindowedAggregate(place, name, {
          ...{ ...aggregate, windows, emitsOnClose, options, key: group.key },
        }),
    })
    const key = windowedKeySerde(group.key, windows)
    return this.dsl.table({
      node,
      key,
      value: aggregate.value,
      store: options.store,
      ...inStore(storeName),
    })
  }
}
