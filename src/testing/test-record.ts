import type { Headers } from '../model/headers.ts'

/** A record for an input topic. */
export interface TestInput<K, V> {
  /** Null unless given. */
  readonly key?: K | null
  readonly value: V | null
  /** Milliseconds since the epoch; the time of the input topic, which then advances, unless given. */
  readonly timestamp?: number
  readonly headers?: Headers
  /** Murmur2 of the key's bytes, as Java's producer has it, or each in turn without a key, unless given. */
  readonly partition?: number
}

/** A record of an output topic, as a `read_committed` consumer has it. */
export interface TestRecord<K, V> {
  readonly key: K | null
  readonly value: V | null
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  readonly headers: Headers
  readonly partition: number
}
