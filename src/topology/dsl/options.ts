import type { Headers } from '../../model/headers.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { StoreMigration } from '../../stores/contract/store-migration.ts'
import type { StreamPartitioner } from '../processing/functions.ts'
import type { NullValues } from '../windows/null-values.ts'

/**
 * A serde that reads `T`; it writes at least that. Types are inferred from what it reads alone: an
 * int64 is a `bigint`.
 */
export type Reads<T> = Serde<T, never>

/**
 * A serde that writes `T`, whatever reading gives. Its `serialize` is a property: methods would let
 * `string | number` pass for `string`.
 */
export type Writes<T> = Serde<unknown, never> & {
  readonly serialize: (value: T, headers?: Headers) => Uint8Array
}

/**
 * An option with a serde, that may be left out where the serde that travels with the stream (it
 * reads and writes `Carried`) fits `T` as well. So the compiler asks for a serde exactly where a
 * function has changed the type.
 */
export type SerdeOption<Name extends string, T, Carried, Given> = [NonNullable<T>] extends [Carried]
  ? { readonly [name in Name]?: Given }
  : { readonly [name in Name]: Given }

/** The last parameter of an operator: to be left out where no option is required. */
export type OptionsParameter<Options> =
  Record<never, never> extends Options ? [options?: Options] : [options: Options]

/** Options of every operator. */
export interface NodeOptions {
  /** Name of the node; generated as in Kafka Streams (`KSTREAM-FILTER-0000000003`) unless given. */
  readonly name?: string
}

/** Which version the rows of a store are of. */
export interface VersionedRows<K, V> {
  /**
   * Of what is in the rows, 1 unless given; needs a name for the store. A start with a higher version than that of the table
   * migrates its rows before it processes anything; one with a lower version is refused.
   */
  readonly version?: number
  /**
   * What becomes of each row of an earlier version. Values are read with the store's own serde; where it has changed, see
   * {@link migrateFrom}. Without it rows stay as they are.
   *
   * @example
   * ```ts
   * count({ store: 'counts', version: 2, migrate: ({ value }) => (value > 1 ? { value: value - 1 } : undefined) })
   * // rows of version 1: ('a', 1) ('b', 3)
   * // rows of version 2: ('b', 2)
   * ```
   */
  readonly migrate?: StoreMigration<NonNullable<K>, NonNullable<V>>
}

/** Options of operators that keep a store. */
export interface StoreOptions<K = unknown, V = unknown> extends NodeOptions, VersionedRows<K, V> {
  /**
   * Name of the store and of its table; generated unless given, and then it changes with operators
   * above.
   */
  readonly store?: string
  /** Forward one change for each key and commit (default), or one for each record (`false`). */
  readonly cache?: boolean
}

/** Options of operators that make a table and keep it in a store only when that has a name. */
export interface TableStoreOptions<V> extends StoreOptions<unknown, V> {
  /** Of values; needed for a store of values that a function has made. */
  readonly value?: Serde<V>
}

/** Serdes in the options of an operator; which of them may be left out is a matter of types. */
export interface SerdeOptions extends NodeOptions {
  readonly key?: Serde<unknown>
  readonly value?: Serde<unknown>
}

/** Options of operators that keep a store with windows. */
export interface WindowedStoreOptions<K = unknown, V = unknown> extends StoreOptions<K, V> {
  /**
   * How far rows may lie behind the newest window of the store before they are deleted, in milliseconds. By default, and at
   * least, as long as a window may change: its size and its grace.
   */
  readonly retentionMs?: number
  /**
   * What becomes of null values: aggregated, as Kafka Streams does (default), or dropped and counted, as its guide says and as it is
   * without windows. Sliding windows always drop them.
   *
   * @example
   * ```ts
   * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 10 })).count({ nullValues: 'dropped' })
   * // in : ('a', 'x') at 1, ('a', null) at 2, ('a', 'y') at 3
   * // out: ({ key: 'a', start: 0, end: 10 }, 1) ({ key: 'a', start: 0, end: 10 }, 2)
   * ```
   */
  readonly nullValues?: NullValues
}

/** Options of what is written to a topic. */
export interface Partitioned<K, V> {
  /**
   * Chooses the partitions of each record. (Default: the key's murmur2 modulo the partitions, as Java's producer has it; null keys in
   * turn)
   */
  readonly partitioner?: StreamPartitioner<K, V>
}
