import { javaSetOrder } from './java-set-order.ts'
import { storesOf, type NodeDefinition } from './node-definition.ts'

type Group = readonly NodeDefinition[]

/**
 * The text that Java's `Topology.describe()` prints, with combiners as further processors. Where a
 * node has several neighbours they are listed as nodes are: Java's order of them depends on the
 * hash codes of all names.
 */
export function describeGroups(groups: readonly Group[]): string {
  return `Topologies:\n ${groups.map((group, id) => `  Sub-topology: ${id}\n${describeGroup(group)}\n`).join('')}`
}

function describeGroup(group: Group): string {
  const compare = createComparator(group)
  const named = (nodes: Group) =>
    nodes
      .toSorted(compare)
      .map(({ name }) => name)
      .join(', ') || 'none'
  const lines = group.toSorted(compare).map((node) => {
    const children = named(childrenOf(node, group))
    const parents = named(parentsOf(node, group))
    switch (node.kind) {
      case 'source':
        return `    Source: ${node.name} (topics: ${node.pattern?.source ?? `[${javaSetOrder(node.topics).join(', ')}]`})\n      --> ${children}\n`
      case 'sink':
        return `    Sink: ${node.name} (topic: ${node.topic})\n      <-- ${parents}\n`
      case 'dynamic-sink':
        return `    Sink: ${node.name} (extractor class: ${node.topicOf.name || 'function'})\n      <-- ${parents}\n`
      default:
        return `    Processor: ${node.name} (stores: [${storesOf(node).join(', ')}])\n      --> ${children}\n      <-- ${parents}\n`
    }
  })
  return lines.join('')
}

/** Nodes with more nodes below them come first, then those whose names do, as in Java. */
function createComparator(group: Group): (a: NodeDefinition, b: NodeDefinition) => number {
  const sizes = new Map<NodeDefinition, number>()
  for (const node of group.toReversed()) {
    sizes.set(
      node,
      childrenOf(node, group).reduce((sum, child) => sum + sizes.get(child)!, 1),
    )
  }
  return (a, b) => sizes.get(b)! - sizes.get(a)! || (a.name < b.name ? -1 : 1)
}

function childrenOf({ name }: NodeDefinition, group: Group): Group {
  return group.filter(({ parents }) => (parents as readonly string[]).includes(name))
}

function parentsOf({ parents }: NodeDefinition, group: Group): Group {
  return group.filter(({ name }) => (parents as readonly string[]).includes(name))
}
