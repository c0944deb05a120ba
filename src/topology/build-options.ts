import type { Optimization } from './graph/optimizations.ts'

/** Options of `StreamsBuilder.build`. */
export interface BuildOptions {
  /**
   * Kafka Streams' `topology.optimization`: `none` (default), `all`, or some of its rules. It changes which stores and topics
   * there are, so it cannot change under an application that has state.
   *
   * - `merge.repartition.topics`: operators below one change of keys share a repartition topic, that of the first.
   * - `single.store.self.join`: a stream that is joined with itself keeps its records once.
   * - `reuse.ktable.source.topics`: changes nothing here, since tables have no changelog topics.
   */
  readonly optimize?: 'all' | 'none' | readonly Optimization[]
  /**
   * Kafka Streams' `ensure.explicit.internal.resource.naming`: refuse a topology in which a store or a repartition topic has a
   * generated name. Such names are numbered, and another operator above gives them another number.
   */
  readonly ensureExplicitNames?: boolean
}
