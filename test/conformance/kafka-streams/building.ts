import { serdes } from '../../../src/serdes/serdes.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import type {
  GlobalKTable,
  KGroupedStream,
  KGroupedTable,
  KStream,
  KTable,
  CogroupedKStream,
  SessionWindowedCogroupedKStream,
  SessionWindowedKStream,
  TimeWindowedCogroupedKStream,
  TimeWindowedKStream,
} from '../../../src/topology/dsl/dsl.ts'
import type { StoreBuilder } from '../../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { toValue } from './functions/values.ts'
import type { Key, Scenario, ScenarioNode, Value, ValueType } from './scenario.ts'
import { SpecError } from './spec-error.ts'

export type { Key } from './scenario.ts'
export type Carried = string | bigint
export type Stream = KStream<Key, Value, NonNullable<Key>, Carried>
export type Table = KTable<Key, Value>
export type Group = KGroupedStream<Key, Value, Carried>
export type GlobalTable = GlobalKTable<NonNullable<Key>, Carried>
export type Cogroup = CogroupedKStream<Key, Value>
export type TimeWindowed = TimeWindowedKStream<Key, Value, Carried>
export type SessionWindowed = SessionWindowedKStream<Key, Value, Carried>
export type TableGroup = KGroupedTable<NonNullable<Key>, Carried>

interface BuiltTable {
  readonly kind: 'table'
  readonly table: Table
  readonly type: ValueType
  /** In the oracle it has no serde of its own: the default one serves, which says the type with a byte. */
  readonly hasDefaultSerde?: boolean
}

/** What an operator made, and the type of the values in it. */
export type Built =
  | { readonly kind: 'stream'; readonly stream: Stream; readonly type: ValueType }
  | { readonly kind: 'group'; readonly group: Group; readonly type: ValueType }
  | { readonly kind: 'global-table'; readonly table: GlobalTable; readonly type: ValueType }
  | { readonly kind: 'table-group'; readonly group: TableGroup; readonly type: ValueType }
  | { readonly kind: 'cogroup'; readonly cogroup: Cogroup; readonly type: ValueType }
  | {
      readonly kind: 'cogrouped-windows'
      readonly windows: TimeWindowedCogroupedKStream<Key, Value>
      readonly type: ValueType
    }
  | {
      readonly kind: 'cogrouped-sessions'
      readonly sessions: SessionWindowedCogroupedKStream<Key, Value>
      readonly type: ValueType
    }
  | { readonly kind: 'windows'; readonly windows: TimeWindowed; readonly type: ValueType }
  | { readonly kind: 'sessions'; readonly sessions: SessionWindowed; readonly type: ValueType }
  | BuiltTable

/** Builds one operator of a scenario with rowstream's DSL, and answers what it made: by its node's id, or several by theirs. */
export type OperatorBuilder = (node: ScenarioNode, building: Building) => Built | undefined

/** Called by every peek. */
export type Peek = (node: string, key: Key, value: Value) => void

/** What the scenario itself does not say, or not alone. */
export interface BuildingOptions {
  readonly onPeek: Peek
  readonly isCaching: boolean
  readonly combines: boolean
}

/** A scenario's topology while it is built. */
export class Building {
  readonly builder = new StreamsBuilder()
  readonly scenario: Scenario
  readonly onPeek: Peek
  /** Type of the values of each topic that is written, or by what the names of topics begin with. */
  readonly outputs = new Map<string, ValueType>()
  /** The stores of processors. */
  readonly stores = new Map<string, StoreBuilder>()
  readonly #built = new Map<string, Built>()

  /** Whether counts are combined before a repartition: Kafka Streams does not, and with caches it shows. */
  readonly combines: boolean
  readonly #isCaching: boolean

  constructor(scenario: Scenario, { onPeek, isCaching, combines }: BuildingOptions) {
    this.scenario = scenario
    this.onPeek = onPeek
    this.combines = combines
    this.#isCaching = isCaching
  }

  /** The store of a name: processors that name the same share it. */
  storeOf<Store>(name: string, create: () => StoreBuilder<Store>): StoreBuilder<Store> {
    const store = (this.stores.get(name) as StoreBuilder<Store> | undefined) ?? create()
    this.stores.set(name, store)
    return store
  }

  set(id: string, built: Built): void {
    this.#built.set(id, built)
  }

  /** What the nodes before made, in the order of `in`. */
  inputs({ in: ids = [] }: ScenarioNode): Built[] {
    return [ids].flat().map((id) => {
      const built = this.#built.get(id)
      if (!built) throw new SpecError(`no node ${id}`)
      return built
    })
  }

  /** The one input, of a kind. */
  input<Kind extends Built['kind']>(node: ScenarioNode, kind: Kind): Built & { kind: Kind } {
    const [first] = this.inputs(node)
    if (first?.kind !== kind) throw new TypeError(`${node.op} of a ${first?.kind}, not a ${kind}`)
    return first as Built & { kind: Kind }
  }

  /** Whether a store of this node is cached: the scenario may say so, and the node that it is not. */
  isCached({ cache }: ScenarioNode): boolean {
    return this.#isCaching && cache !== false
  }
}

/** Of longs, and of counts. */
const LONG: Serde<bigint> = {
  ...serdes.int64,
  serialize: (value) => serdes.int64.serialize(toValue(value) as bigint),
}

/** The serde of a type; to the compiler both serdes take both types. */
export function serdeOf(type: ValueType): Serde<Carried> {
  return type === 'long' ? LONG : serdes.string
}

/** The serde of values for which the oracle has its default one: it shows where bytes are counted. */
export function defaultSerdeOf(type: ValueType): Serde<Carried> {
  const serde = serdeOf(type)
  const tag = Buffer.from(type === 'long' ? 'L' : 'S')
  return {
    ...serde,
    serialize: (value) => Buffer.concat([tag, serde.serialize(value)]),
    deserialize: (bytes) => serde.deserialize(bytes.subarray(tag.length)),
  }
}

/** A table, whatever it says of nulls. */
export function asTable(table: unknown, type: ValueType): BuiltTable {
  return { kind: 'table', table: table as Table, type }
}

/** Options of whatever can keep a store. */
export function storeOptions(node: ScenarioNode, building: Building) {
  const cache = building.isCached(node)
  return node.store === undefined ? { cache } : { store: node.store, cache }
}
