import type { NodeDefinition } from '../graph/node-definition.ts'
import type { LiveNode } from '../nodes/live-node.ts'
import { SourceNode } from '../nodes/source-node.ts'
import type { NodeContext } from '../processing/node-context.ts'
import type { ProcessingGraph } from '../processing/processing-graph.ts'
import { createNode } from './create-node.ts'
import { LiveGraph } from './live-graph.ts'
import { findReadAheads } from './read-ahead.ts'

/**
 * Live nodes for one task. Parents are defined before their children, so children are made first.
 */
export function openGraph(
  definitions: readonly NodeDefinition[],
  context: NodeContext,
): ProcessingGraph {
  const nodes = new Map<string, LiveNode>()
  for (const definition of definitions.toReversed()) {
    const { name } = definition
    const children = definitions
      .filter(({ parents }) => (parents as readonly string[]).includes(name))
      .map((child) => nodes.get(child.name)!)
    nodes.set(name, createNode(definition, { name, children, context }))
  }
  return new LiveGraph(
    definitions.map(({ name }) => nodes.get(name)!),
    findSources(definitions, nodes),
    findReadAheads(definitions),
  )
}

function findSources(
  definitions: readonly NodeDefinition[],
  nodes: ReadonlyMap<string, LiveNode>,
): ReadonlyMap<string, SourceNode> {
  const sources = new Map<string, SourceNode>()
  for (const definition of definitions) {
    const node = nodes.get(definition.name)
    if (definition.kind !== 'source' || !(node instanceof SourceNode)) continue
    for (const topic of definition.topics) sources.set(topic, node)
  }
  return sources
}
