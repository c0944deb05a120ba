import type { NodeDefinition } from '../graph/node-definition.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import { addRepartition } from './add-repartition.ts'
import type { GroupState } from './group-state.ts'
import type { StoreOptions } from './options.ts'

/** Where a node stands in the graph. */
export interface NodePlace {
  readonly name: string
  readonly parents: readonly string[]
}

/** An aggregate that is to be defined. */
export interface AddedAggregate {
  /** Of generated names. */
  readonly prefix: string
  readonly options: StoreOptions
  readonly define: (place: NodePlace, storeName: string) => NodeDefinition
}

/** Names an aggregate and its store, repartitions before it where that is needed, and adds its node. */
export function addAggregate(
  graph: GraphBuilder,
  group: GroupState,
  { prefix, options, define }: AddedAggregate,
): { readonly node: string; readonly storeName: string } {
  const storeName = graph.nameStore(prefix, options.store)
  const name = graph.nameNode(prefix, options.name)
  const parent = group.needsRepartition ? addRepartition(graph, group, storeName) : group.node
  graph.add(define({ name, parents: [parent] }, storeName))
  return { node: name, storeName }
}
