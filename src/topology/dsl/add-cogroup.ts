import { TopologyError } from '../../errors/topology-error.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { NodeDefinition } from '../graph/node-definition.ts'
import type { CogroupStoreDefinition } from '../nodes/cogroup-merge-node.ts'
import { aggregateWith, type Aggregation } from '../processing/aggregation.ts'
import type { NodePlace } from './add-aggregate.ts'
import { addRepartition } from './add-repartition.ts'
import type { CogroupState } from './cogroup-state.ts'
import type { StoreOptions } from './options.ts'

const AGGREGATE = 'COGROUPKSTREAM-AGGREGATE-'

/** What is made of several groups. */
export interface AddedCogroup {
  readonly groups: CogroupState
  readonly init: () => unknown
  readonly options: StoreOptions
  /** The aggregate of one group, as if it were alone. */
  readonly define: (
    place: NodePlace,
    storeName: string,
    aggregation: Aggregation,
  ) => NodeDefinition & { readonly store: CogroupStoreDefinition }
}

/**
 * An aggregate for each group, all of them into one store, and a node that unites what they tell, keeps the store, and holds
 * changes back where that is cached: there is one change for each key then, whoever made it.
 */
export function addCogroup(
  graph: GraphBuilder,
  { groups, init, options, define }: AddedCogroup,
): { readonly node: string; readonly storeName: string } {
  const { name } = options
  const storeName = graph.nameStore(AGGREGATE, options.store)
  checkTopics(groups, storeName)
  const parents = [...groups.keys()].map((group) =>
    group.needsRepartition ? addRepartition(graph, group, storeName) : group.node,
  )
  const parts = [...groups.values()].map((add, index) => {
    const part = graph.nameNode(AGGREGATE, name && `${name}-cogroup-agg-${index}`)
    const place = { name: part, parents: [parents[index]!] }
    const definition = define(place, storeName, aggregateWith({ init, add }))
    graph.add({ ...definition, isPart: true } as NodeDefinition)
    return definition
  })
  const node = graph.nameNode('COGROUPKSTREAM-MERGE-', name && `${name}-cogroup-merge`)
  graph.add({
    kind: 'cogroup-merge',
    name: node,
    parents: parts.map((part) => part.name),
    store: parts[0]!.store,
  })
  return { node, storeName }
}

/** Each group needs a repartition topic of its own: two adders must not see each other's records. */
function checkTopics(groups: CogroupState, storeName: string): void {
  const topics = [...groups.keys()]
    .filter(({ needsRepartition }) => needsRepartition)
    .map(({ name = storeName }) => name)
  if (new Set(topics).size === topics.length) return
  throw new TopologyError(
    `groups of one cogroup would share the repartition topic of ${topics.join(', ')}: give each a name in groupBy or groupByKey`,
  )
}
