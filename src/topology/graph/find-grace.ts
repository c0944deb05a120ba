import { TopologyError } from '../../errors/topology-error.ts'
import type { GraphBuilder } from './graph-builder.ts'
import type { NodeDefinition } from './node-definition.ts'

/**
 * How long the windows of a table go on changing after their ends: the longest grace of the windowed aggregates above it.
 * @throws TopologyError `TOPOLOGY_INVALID` when there are none.
 */
export function findGrace(graph: GraphBuilder, node: string): number {
  const definitions = new Map(graph.definitions.map((definition) => [definition.name, definition]))
  const grace = graceAbove(definitions.get(node)!, definitions)
  if (grace !== undefined) return grace
  throw new TopologyError(`no windows of ${node} can close: it is no table by windows`)
}

function graceAbove(
  definition: NodeDefinition,
  definitions: ReadonlyMap<string, NodeDefinition>,
): number | undefined {
  const own = graceOf(definition)
  if (own !== undefined) return own
  const above = definition.parents
    .map((parent) => graceAbove(definitions.get(parent)!, definitions))
    .filter((grace) => grace !== undefined)
  return above.length === 0 ? undefined : Math.max(...above)
}

/** Sessions may still be joined by a record that comes as much later as their gap. */
function graceOf(definition: NodeDefinition): number | undefined {
  switch (definition.kind) {
    case 'window-aggregate':
    case 'sliding-aggregate':
      return definition.windows.graceMs
    case 'session-aggregate':
      return definition.windows.gapMs + definition.windows.graceMs
    default:
      return undefined
  }
}
