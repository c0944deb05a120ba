import { ownStoresOf, storesOf, type NodeDefinition } from '../graph/node-definition.ts'
import type { Copartition } from '../runnable-topology.ts'

/** Nodes that bring records, or rows, of equal keys together: these must be in partitions of the same number. */
const JOINS: readonly NodeDefinition['kind'][] = [
  ...(['stream-join', 'stream-table-join', 'table-join'] as const),
  ...(['subscription-join', 'response-join', 'cogroup-merge'] as const),
]

/**
 * The topics that must have equally many partitions, because records of equal keys meet: in joins, and where a processor reads what
 * a topic alone fills. Groups that share a topic are one. Joins with global tables ask for nothing.
 */
export function findCopartitions(definitions: readonly NodeDefinition[]): readonly Copartition[] {
  return definitions
    .filter((node) => JOINS.includes(node.kind) || closedStoresOf(node).length > 0)
    .map((node) => ({ nodes: [node.name], topics: topicsAbove(node, definitions) }))
    .reduce(addGroup, [])
    .filter(({ topics }) => topics.length > 1)
}

/** The stores of its tasks that a processor only reads. */
function closedStoresOf(node: NodeDefinition): readonly string[] {
  if (node.kind !== 'process') return []
  return node.attached.filter(({ writer }) => writer !== undefined).map(({ name }) => name)
}

function topicsAbove(
  join: NodeDefinition,
  definitions: readonly NodeDefinition[],
): readonly string[] {
  const read = join.kind === 'process' ? closedStoresOf(join) : storesOf(join)
  const keepers = definitions.filter((node) =>
    ownStoresOf(node).some(({ name }) => read.includes(name)),
  )
  const above = new Set([...join.parents, ...keepers.map(({ name }) => name)])
  // Parents are defined before their children.
  const nodes = definitions.toReversed().filter((node) => {
    if (!above.has(node.name)) return false
    for (const parent of node.parents) above.add(parent)
    return true
  })
  return nodes.flatMap((node) => (node.kind === 'source' ? node.topics : []))
}

function addGroup(groups: readonly Copartition[], group: Copartition): readonly Copartition[] {
  const meets = ({ topics }: Copartition) => topics.some((topic) => group.topics.includes(topic))
  const met = [...groups.filter(meets), group]
  const united = {
    nodes: [...new Set(met.flatMap(({ nodes }) => nodes))],
    topics: [...new Set(met.flatMap(({ topics }) => topics))].toSorted(),
  }
  return [...groups.filter((one) => !meets(one)), Object.freeze(united)]
}
