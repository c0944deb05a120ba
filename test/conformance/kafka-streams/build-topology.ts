import { serdes } from '../../../src/serdes/serdes.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import type { KGroupedStream, KStream, KTable } from '../../../src/topology/dsl/dsl.ts'
import type { ExtractedRecord } from '../../../src/topology/processing/functions.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { aggregatorOf, initialiserOf, reducerOf } from './functions/aggregators.ts'
import { flatMapperOf, flatValueMapperOf } from './functions/flat-mappers.ts'
import { keyMapperOf } from './functions/key-mappers.ts'
import { predicateOf } from './functions/predicates.ts'
import { valueMapperOf } from './functions/value-mappers.ts'
import type { Scenario, ScenarioNode, Value, ValueType } from './scenario.ts'

type Key = string | null
type Carried = string | bigint
type Stream = KStream<Key, Value, string, Carried>

/** What an operator made, and the type of the values in it. */
type Built =
  | { readonly kind: 'stream'; readonly stream: Stream; readonly type: ValueType }
  | {
      readonly kind: 'group'
      readonly group: KGroupedStream<Key, Value, Carried>
      readonly type: ValueType
    }
  | { readonly kind: 'table'; readonly table: KTable<Key, Value>; readonly type: ValueType }

/** What is learned while a scenario's topology is built. */
export interface BuiltTopology {
  readonly topology: Topology
  /** Type of the values of each topic that is written. */
  readonly outputs: ReadonlyMap<string, ValueType>
  /** Names of the stores that the scenario names. */
  readonly stores: readonly string[]
}

/** Called by every peek. */
export type Peek = (node: string, key: Key, value: Value) => void

/** The serde of a type; to the compiler both serdes take both types. */
export function serdeOf(type: ValueType): Serde<Carried> {
  return (type === 'long' ? serdes.int64 : serdes.string) as unknown as Serde<Carried>
}

/** Builds the topology of a scenario with rowstream's DSL, operator by operator. */
export function buildTopology(scenario: Scenario, onPeek: Peek): BuiltTopology {
  const building = new ScenarioBuilding(scenario, onPeek)
  for (const node of scenario.nodes) building.add(node)
  return building.finish()
}

class ScenarioBuilding {
  readonly #builder = new StreamsBuilder()
  readonly #scenario: Scenario
  readonly #onPeek: Peek
  readonly #built = new Map<string, Built>()
  readonly #outputs = new Map<string, ValueType>()

  constructor(scenario: Scenario, onPeek: Peek) {
    this.#scenario = scenario
    this.#onPeek = onPeek
  }

  add(node: ScenarioNode): void {
    const built = this.#create(node)
    if (built) this.#built.set(node.id!, built)
  }

  finish(): BuiltTopology {
    const stores = this.#scenario.nodes.flatMap(({ store }) => store ?? [])
    return { topology: this.#builder.build(), outputs: this.#outputs, stores }
  }

  #create(node: ScenarioNode): Built | undefined {
    if (node.op === 'stream') return this.#source(node)
    const [first, ...others] = [node.in!].flat().map((id) => this.#built.get(id)!)
    if (first!.kind === 'group') return this.#aggregate(node, first!.group, first!.type)
    if (first!.kind === 'table') return streamOf(first!.table, first!.type)
    const { stream, type } = first!
    if (node.op === 'to') return this.#sink(node, stream, type)
    if (node.op === 'groupBy' || node.op === 'groupByKey') return group(node, stream, type)
    if (node.op === 'merge')
      return { kind: 'stream', stream: others.map(asStream).reduce(merge, stream), type }
    return { kind: 'stream', ...this.#map(node, stream, type) }
  }

  #source({ topics, timestampExtractor }: ScenarioNode): Built {
    const type = this.#scenario.topics[topics![0]!]!
    const stream = this.#builder.stream(topics!, {
      key: serdes.string,
      value: serdeOf(type),
      ...(timestampExtractor === 'valueAsTimestamp' && { timestampExtractor: valueAsTimestamp }),
    })
    return { kind: 'stream', stream: stream as unknown as Stream, type }
  }

  #sink({ topic }: ScenarioNode, stream: Stream, type: ValueType): undefined {
    stream.to(topic!, { key: serdes.string, value: serdeOf(type) })
    this.#outputs.set(topic!, type)
  }

  #map(node: ScenarioNode, stream: Stream, type: ValueType): { stream: Stream; type: ValueType } {
    const { op, fn = '', keyFn = '', valueFn = '' } = node
    switch (op) {
      case 'filter':
        return { stream: stream.filter(predicateOf(fn)), type }
      case 'filterNot':
        return { stream: stream.filterNot(predicateOf(fn)), type }
      case 'selectKey':
        return { stream: stream.selectKey(keyMapperOf(fn)), type }
      case 'peek':
        return { stream: stream.peek((key, value) => this.#onPeek(node.id!, key, value)), type }
      case 'mapValues': {
        const mapper = valueMapperOf(fn, type)
        return {
          stream: stream.mapValues((value, key) => mapper.map(key, value)),
          type: mapper.type,
        }
      }
      case 'map': {
        const keyMapper = keyMapperOf(keyFn)
        const mapper = valueMapperOf(valueFn, type)
        const pair = (key: Key, value: Value) =>
          [keyMapper(key, value), mapper.map(key, value)] as const
        return { stream: stream.map(pair), type: mapper.type }
      }
      case 'flatMap': {
        const mapper = flatMapperOf(fn, type)
        return { stream: stream.flatMap(mapper.map), type: mapper.type }
      }
      case 'flatMapValues': {
        const mapper = flatValueMapperOf(fn, type)
        return { stream: stream.flatMapValues(mapper.map), type: mapper.type }
      }
      default:
        throw new TypeError(`no operator ${op}`)
    }
  }

  #aggregate(
    { op, fn = '', init = '', store, cache }: ScenarioNode,
    from: KGroupedStream<Key, Value, Carried>,
    type: ValueType,
  ): Built {
    const isCached = this.#scenario.config?.caching === true && cache !== false
    const options = { ...(store && { store }), cache: isCached }
    if (op === 'count') {
      const table = from.count(options) as unknown as KTable<Key, Value>
      return { kind: 'table', table, type: 'long' }
    }
    if (op === 'reduce') {
      const table = from.reduce(reducerOf(fn), { ...options, value: serdeOf(type) })
      return { kind: 'table', table, type }
    }
    const initial = initialiserOf(init)
    const table = from.aggregate<Value>({
      init: () => initial.value,
      add: aggregatorOf(fn),
      ...options,
      value: serdeOf(initial.type),
    })
    return { kind: 'table', table, type: initial.type }
  }
}

/** Counts are numbers; the scenarios' longs are not. */
function streamOf(table: KTable<Key, Value>, type: ValueType): Built {
  const changes = table.toStream() as unknown as Stream
  const toLong = (value: Value | number): Value =>
    typeof value === 'number' ? BigInt(value) : value
  return { kind: 'stream', stream: type === 'long' ? changes.mapValues(toLong) : changes, type }
}

function group({ op, keyFn, name }: ScenarioNode, stream: Stream, type: ValueType): Built {
  const options = { key: serdes.string, value: serdeOf(type), ...(name && { name }) }
  const grouped =
    op === 'groupBy' ? stream.groupBy(keyMapperOf(keyFn!), options) : stream.groupByKey(options)
  return { kind: 'group', group: grouped, type }
}

function asStream(built: Built): Stream {
  if (built.kind === 'stream') return built.stream
  throw new TypeError(`a ${built.kind} is no stream`)
}

function merge(one: Stream, other: Stream): Stream {
  return one.merge(other)
}

/** A long value is the timestamp; without one it is the record's. */
function valueAsTimestamp({ value, timestamp }: ExtractedRecord<unknown, Carried>): number {
  return value === null ? timestamp : Number(value)
}
