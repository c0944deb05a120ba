import { TopologyError } from '../../errors/topology-error.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { ProcessorFunction, ProcessorSupplier } from '../processor/processor.ts'
import type { StoreBuilder } from '../processor/store-builder.ts'
import { addProcess } from './add-process.ts'
import type { SourceOptions } from './source-definition.ts'

/** A processor that keeps what a topic says in a store, which others only read. Nothing comes out of it. */
export type StoreUpdater<K, V> =
  ProcessorFunction<K, V, never, never> | ProcessorSupplier<K, V, never, never>

/** How the topic of a store is read: from its beginning, since the store is made of all of it. */
export type StoreTopicOptions<K, V> = Omit<SourceOptions<K, V>, 'offsetReset'>

/** A processor that fills a store, to be added below a source. */
export interface AddedUpdater {
  readonly name: string
  readonly source: string
  readonly store: StoreBuilder
  readonly processor: StoreUpdater<never, never>
}

/** Adds the node of a processor that alone writes a store. */
export function addUpdater(
  graph: GraphBuilder,
  { name, source, store, processor }: AddedUpdater,
): void {
  addProcess(graph, {
    ...{ name, parents: [source], keepsKey: false },
    // Types are erased in a topology; those of the updater and its topic were checked where they were given.
    processor: processor as ProcessorFunction | ProcessorSupplier,
    stores: [store],
    writesAlone: true,
  })
}

/** @throws TopologyError `TOPOLOGY_INVALID`: windows, sessions and versions are read by the task that keeps them. */
export function checkGlobalStore({ name, definition: { kind } }: StoreBuilder): void {
  if (kind === 'key-value') return
  throw new TopologyError(
    `the store ${name} cannot be global: it is no key-value store, but of the kind ${kind}`,
  )
}
