import { readsOf } from '../nodes/source-node.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'

/** These keep rows that they could also compute: whether they do depends on operators below them. */
const MERE_VIEWS: ReadonlySet<NodeDefinition['kind']> = new Set([
  'table-source',
  'table-filter',
  'table-map-values',
  'table-join-merge',
])

/**
 * Of each store of a sub-topology, the topics and the stores that its operator hangs under, in order. Operators without
 * state in between do not count: nothing of theirs is kept.
 */
export function storePlaces(
  group: readonly NodeDefinition[],
): ReadonlyMap<string, readonly string[]> {
  const nodes = new Map(group.map((node) => [node.name, node]))
  const above = new Map<string, ReadonlySet<string>>()
  // Parents come before children.
  for (const { name, parents } of group) {
    const inputs = parents.flatMap((parent) => [
      ...givesOf(nodes.get(parent)),
      ...(above.get(parent) ?? []),
    ])
    above.set(name, new Set(inputs))
  }
  return new Map(
    group.flatMap((node) =>
      ownStoresOf(node).map((store) => [store.name, [...above.get(node.name)!].toSorted()]),
    ),
  )
}

function givesOf(node: NodeDefinition | undefined): readonly string[] {
  if (node?.kind === 'source') return readsOf(node).map((topic) => `topic ${topic}`)
  if (!node || MERE_VIEWS.has(node.kind)) return []
  return ownStoresOf(node).map(({ name }) => `store ${name}`)
}
