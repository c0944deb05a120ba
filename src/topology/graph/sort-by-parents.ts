import { TopologyError } from '../../errors/topology-error.ts'
import type { Placed } from './path-to.ts'

/**
 * Parents before children, and otherwise as they came.
 * @throws TopologyError `TOPOLOGY_INVALID` with the path, when a parent is not there or nodes hang under themselves.
 */
export function sortByParents<Node extends Placed>(nodes: readonly Node[]): readonly Node[] {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const sorted = new Set<Node>()
  /** @param below The nodes that led here, the nearest last. */
  const visit = (node: Node, below: readonly string[]): void => {
    if (sorted.has(node)) return
    checkCycle(node, below)
    for (const parent of node.parents) {
      const found = byName.get(parent)
      if (!found) throw missing(parent, [...below, node.name])
      visit(found, [...below, node.name])
    }
    sorted.add(node)
  }
  for (const node of nodes) visit(node, [])
  return [...sorted]
}

function checkCycle({ name }: Placed, below: readonly string[]): void {
  if (!below.includes(name)) return
  const path = [name, ...below.slice(below.indexOf(name)).toReversed()]
  throw new TopologyError(`node ${name} hangs under itself: ${path.join(' → ')}`)
}

function missing(parent: string, below: readonly string[]): TopologyError {
  const path = [parent, ...below.toReversed()].join(' → ')
  return new TopologyError(
    `node ${below.at(-1)!} has the parent ${parent}, but no node is named so: ${path}`,
  )
}
