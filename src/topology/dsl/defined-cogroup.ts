import type { Windowed } from '../../model/windowed.ts'
import type { Serde } from '../../serdes/serde.ts'
import { TopologyError } from '../../errors/topology-error.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { CogroupStoreDefinition } from '../nodes/cogroup-merge-node.ts'
import type { NodeDefinition } from '../graph/node-definition.ts'
import type { SessionMerger } from '../nodes/session-aggregate-node.ts'
import { SessionWindows } from '../windows/session-windows.ts'
import { addCogroup } from './add-cogroup.ts'
import { checkFunction } from './check-function.ts'
import type { CogroupAdder, CogroupState } from './cogroup-state.ts'
import {
  defineWindowedAggregate,
  windowedKeySerde,
  type WindowsByTime,
} from './define-windowed-aggregate.ts'
import type { DslFactory } from './dsl-factory.ts'
import type {
  CogroupedKStream,
  CogroupOptions,
  KTable,
  SessionWindowedCogroupedKStream,
  TimeWindowedCogroupedKStream,
  WindowedAggregateOptions,
} from './dsl.ts'
import { storeVersion } from './store-version.ts'
import { inStore } from './table-state.ts'

type Part = NodeDefinition & { readonly store: CogroupStoreDefinition }

/** Groups that aggregate into one table of the topology that is being defined. */
export class DefinedCogroup<A> implements CogroupedKStream<unknown, A> {
  readonly #dsl: DslFactory
  readonly #groups: CogroupState

  constructor(dsl: DslFactory, groups: CogroupState) {
    this.#dsl = dsl
    this.#groups = groups
  }

  cogroup(group: object, add: unknown): CogroupedKStream<unknown, A> {
    checkFunction(add, 'cogroup')
    const state = this.#dsl.groupStateOf(group)
    if (state === undefined)
      throw new TopologyError('cogroup takes a grouped stream of the same StreamsBuilder')
    const groups = new Map(this.#groups).set(state, add as CogroupAdder)
    return new DefinedCogroup(this.#dsl, groups)
  }

  windowedBy(windows: WindowsByTime): TimeWindowedCogroupedKStream<unknown, A>
  windowedBy(windows: SessionWindows): SessionWindowedCogroupedKStream<unknown, A>
  windowedBy(
    windows: WindowsByTime | SessionWindows,
  ): TimeWindowedCogroupedKStream<unknown, A> & SessionWindowedCogroupedKStream<unknown, A> {
    return new DefinedWindowedCogroup(this.#dsl, this.#groups, windows)
  }

  aggregate(options: CogroupOptions<A>): KTable<unknown, A | null> {
    checkFunction(options.init, 'the init of aggregate')
    const [{ key } = { key: MISSING_SERDE }] = this.#groups.keys()
    const value = (options.value as Serde<unknown> | undefined) ?? MISSING_SERDE
    const { node, storeName } = addCogroup(this.#dsl.graph, {
      ...{ groups: this.#groups, init: options.init, options },
      define: (place, name, aggregation): Part => {
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

/** Groups in windows that aggregate into one table of the topology that is being defined. */
class DefinedWindowedCogroup<A>
  implements TimeWindowedCogroupedKStream<unknown, A>, SessionWindowedCogroupedKStream<unknown, A>
{
  readonly #dsl: DslFactory
  readonly #groups: CogroupState
  readonly #windows: WindowsByTime | SessionWindows

  constructor(dsl: DslFactory, groups: CogroupState, windows: WindowsByTime | SessionWindows) {
    this.#dsl = dsl
    this.#groups = groups
    this.#windows = windows
  }

  aggregate(
    options: WindowedAggregateOptions<A> & { readonly merge?: unknown },
  ): KTable<Windowed<unknown>, A | null> {
    checkFunction(options.init, 'the init of aggregate')
    if (this.#windows instanceof SessionWindows)
      checkFunction(options.merge, 'the merge of aggregate')
    const [{ key } = { key: MISSING_SERDE }] = this.#groups.keys()
    const value = (options.value as Serde<unknown> | undefined) ?? MISSING_SERDE
    const merger = options.merge as SessionMerger | undefined
    const { node, storeName } = addCogroup(this.#dsl.graph, {
      ...{ groups: this.#groups, init: options.init, options },
      define: (place, name, aggregation) =>
        defineWindowedAggregate(place, name, {
          ...{ windows: this.#windows, aggregation, merger, key, value, options },
          emitsOnClose: false,
        }),
    })
    const windowedKey = windowedKeySerde(key, this.#windows)
    return this.#dsl.table({
      node,
      key: windowedKey,
      value,
      store: options.store,
      ...inStore(storeName),
    })
  }
}
