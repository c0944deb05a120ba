import type { Serde } from '../serdes/serde.ts'
import { DefinedGroup } from './dsl/defined-group.ts'
import { DefinedStream } from './dsl/defined-stream.ts'
import { DefinedTable } from './dsl/defined-table.ts'
import type { DslFactory } from './dsl/dsl-factory.ts'
import type { KGroupedStream, KStream, KTable } from './dsl/dsl.ts'
import type { NodeOptions, Reads } from './dsl/options.ts'
import type { StreamState } from './dsl/stream-state.ts'
import { checkName } from './graph/check-name.ts'
import { GraphBuilder } from './graph/graph-builder.ts'
import { MISSING_SERDE } from './graph/missing-serde.ts'
import { failOnInvalidTimestamp } from './processing/fail-on-invalid-timestamp.ts'
import type { TimestampExtractor } from './processing/functions.ts'
import type { OffsetReset } from './runnable-topology.ts'
import { Topology } from './topology.ts'

/** Options of a source. */
export interface StreamOptions<K, V> extends NodeOptions {
  readonly key: Reads<K>
  readonly value: Reads<V>
  /**
   * Where to begin in a partition that was never read: `earliest` (default), `latest`, or `none`,
   * which stops.
   */
  readonly offsetReset?: OffsetReset
  /** The time of a record; by default its timestamp in Kafka. */
  readonly timestampExtractor?: TimestampExtractor<K, V>
}

/**
 * Where a topology begins.
 *
 * @example
 * ```ts
 * const builder = new StreamsBuilder()
 * builder.stream('lines', { key: serdes.string, value: serdes.string })
 *   .flatMapValues((line) => line.split(' ')).groupBy((_, word) => word, { name: 'words' })
 *   .count({ store: 'counts' }).toStream().to('word-counts', { value: serdes.int64 })
 * const topology = builder.build()
 * ```
 */
export class StreamsBuilder {
  readonly #graph = new GraphBuilder()
  readonly #states = new WeakMap<object, StreamState>()
  // What is made knows no types; as `unknown` first, because whether TypeScript sees that depends on the order of files.
  readonly #dsl: DslFactory = {
    graph: this.#graph,
    stream: <K, V, KC, VC>(state: StreamState) => {
      const defined = new DefinedStream(this.#dsl, state)
      this.#states.set(defined, state)
      const stream: unknown = defined
      return stream as KStream<K, V, KC, VC>
    },
    group: <K, V, VC>(state: Parameters<DslFactory['group']>[0]) => {
      const group: unknown = new DefinedGroup(this.#dsl, state)
      return group as KGroupedStream<K, V, VC>
    },
    table: <K, V>(state: Parameters<DslFactory['table']>[0]) => {
      const table: unknown = new DefinedTable(this.#dsl, state)
      return table as KTable<K, V>
    },
    stateOf: (stream) => this.#states.get(stream),
  }

  /**
   * Reads one topic or several. Several are one source: partition n of all of them is one task's.
   * @throws TopologyError `TOPOLOGY_INVALID` when the name is taken or not allowed.
   */
  stream<K, V>(topics: string | readonly string[], options: StreamOptions<K, V>): KStream<K, V> {
    const name = this.#graph.nameNode('KSTREAM-SOURCE-', options.name)
    const key = (options.key as Serde<unknown> | undefined) ?? MISSING_SERDE
    const value = (options.value as Serde<unknown> | undefined) ?? MISSING_SERDE
    this.#graph.add({
      kind: 'source',
      name,
      parents: [],
      topics: Object.freeze([topics].flat().map(checkName)),
      key,
      value,
      offsetReset: options.offsetReset ?? 'earliest',
      timestampExtractor:
        (options.timestampExtractor as TimestampExtractor | undefined) ?? failOnInvalidTimestamp,
      internal: false,
      combined: false,
    })
    return this.#dsl.stream({ node: name, key, value, keyChanged: false, valueMapped: false })
  }

  /**
   * The topology as defined so far, checked and optimised. The builder can go on; what was built
   * does not change.
   * @throws TopologyError `TOPOLOGY_INVALID` when a serde is missing or sources contradict each
   *   other.
   */
  build(): Topology {
    return Topology.of(this.#graph.definitions)
  }
}
