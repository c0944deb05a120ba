import type { StoreDefinition } from '../stores/contract/store-definition.ts'
import type { Serde } from '../serdes/serde.ts'
import type { NodeContext } from './processing/node-context.ts'
import type { ProcessingGraph } from './processing/processing-graph.ts'

/**
 * Where a source begins when the database holds no offset for a partition: with the first record, with the next that comes, with
 * the first that is no older than so many milliseconds (at the end where all are), or nowhere: then the application stops.
 */
export type OffsetReset = 'earliest' | 'latest' | 'none' | { readonly byDurationMs: number }

/** A topic that a sub-topology reads. */
export interface SourceTopic {
  /** A global table is made of it: its records do not move stream time. */
  readonly isGlobal: boolean
  /** Full name, application id included where it is internal. */
  readonly topic: string
  readonly offsetReset: OffsetReset
  /** What it was found by, where no source names it. */
  readonly pattern?: string
  /** Internal (repartition) topics are created and cleared by the library. */
  readonly internal: boolean
}

/** A repartition topic that the topology needs. */
export interface InternalTopic {
  readonly topic: string
  /** Topics whose largest partition count it takes; these may be internal themselves. */
  readonly sizedBy: readonly string[]
  /** Partial results of a combiner travel in it instead of plain records: kept in the catalogue. */
  readonly combined: boolean
  /** How many partitions it has, where the user said so; then nothing else sizes it. */
  readonly partitions: number | undefined
  /** Changes of a table travel in it: kept in the catalogue as well. */
  readonly changes?: boolean
}

/** A serde that a topology reads or writes with. */
export interface UsedSerde {
  readonly serde: Serde<unknown>
  readonly isWritten: boolean
}

/** A connected part of a topology; one task for each partition runs it. */
export interface Subtopology {
  readonly id: number
  /** Names of its nodes: times and timers go by them. */
  readonly nodes: readonly string[]
  readonly sources: readonly SourceTopic[]
  readonly stores: readonly StoreDefinition[]
  /** The topics and stores that the operator of each store hangs under. */
  readonly storePlaces: ReadonlyMap<string, readonly string[]>
  /** Names of the stores of global tables that are read; where they are not among `stores`, other tasks keep them. */
  readonly globalStores: readonly string[]
  /** Names of topics written, in full. */
  readonly sinks: readonly string[]
  /** Nothing outlives a commit but positions: what is sent follows from what is read alone. */
  readonly isStateless: boolean
  /** Live nodes for one task. */
  open(context: NodeContext): ProcessingGraph
}

/** Topics that must have equally many partitions, and the joins that ask for it. */
export interface Copartition {
  readonly nodes: readonly string[]
  /** Full names. */
  readonly topics: readonly string[]
}

/** A validated topology of one application, ready to run. Immutable. */
export interface RunnableTopology {
  readonly subtopologies: readonly Subtopology[]
  readonly internalTopics: readonly InternalTopic[]
  readonly copartitions: readonly Copartition[]
  /** Topics written that are not internal: they must exist. */
  readonly outputTopics: readonly string[]
  /** Every serde of its sources, sinks and stores, once. */
  readonly serdes: readonly UsedSerde[]
  /** Functions name further topics while it runs. */
  readonly choosesTopics: boolean
}
