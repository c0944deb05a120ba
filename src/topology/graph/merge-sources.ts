import { TopologyError } from '../../errors/topology-error.ts'
import { readsOf, type SourceDefinition } from '../nodes/source-node.ts'
import type { OffsetReset } from '../runnable-topology.ts'
import type { NodeDefinition } from './node-definition.ts'

/**
 * Makes one source of those that read the same topics: a topic is consumed once, whoever reads it.
 * @throws TopologyError `TOPOLOGY_INVALID` when topics overlap without being the same, or are read
 *   in different ways.
 */
export function mergeSources(definitions: readonly NodeDefinition[]): readonly NodeDefinition[] {
  const readers = new Map<string, SourceDefinition>()
  const replaced = new Map<string, string>()
  for (const source of definitions.filter((definition) => definition.kind === 'source')) {
    const first = readsOf(source)
      .map((topic) => readers.get(topic))
      .find((reader) => reader !== undefined)
    if (first === undefined) for (const topic of readsOf(source)) readers.set(topic, source)
    else {
      checkSame(first, source)
      replaced.set(source.name, first.name)
    }
  }
  if (replaced.size === 0) return definitions
  return definitions
    .filter(({ name }) => !replaced.has(name))
    .map((definition) => redirect(definition, replaced))
}

function checkSame(first: SourceDefinition, second: SourceDefinition): void {
  if (second.internal)
    throw new TopologyError(`two repartition topics are named '${readsOf(second).join(', ')}'`)
  const both = `sources ${first.name} and ${second.name}`
  if (!sameTopics(readsOf(first), readsOf(second))) {
    throw new TopologyError(
      `${both} read topics that overlap but are not the same: ${readsOf(first).join(', ')} · ${readsOf(second).join(', ')}`,
    )
  }
  if (Boolean(first.isGlobal) !== Boolean(second.isGlobal))
    throw new TopologyError(
      `${both} read ${readsOf(first).join(', ')}, but only one of them for a global table`,
    )
  const differing = (['key', 'value'] as const).find(
    (part) => first[part]?.name !== second[part]?.name,
  )
  if (differing)
    throw new TopologyError(
      `${both} read ${readsOf(first).join(', ')} with different ${differing} serdes`,
    )
  if (textOf(first.offsetReset) !== textOf(second.offsetReset)) {
    throw new TopologyError(
      `${both} read ${readsOf(first).join(', ')} with different offset resets`,
    )
  }
  if (first.timestampExtractor !== second.timestampExtractor) {
    throw new TopologyError(
      `${both} read ${readsOf(first).join(', ')} with different timestamp extractors`,
    )
  }
}

function redirect(
  definition: NodeDefinition,
  replaced: ReadonlyMap<string, string>,
): NodeDefinition {
  if (definition.kind === 'source' || !definition.parents.some((parent) => replaced.has(parent)))
    return definition
  const parents = [...new Set(definition.parents.map((parent) => replaced.get(parent) ?? parent))]
  return Object.freeze({ ...definition, parents })
}

function sameTopics(some: readonly string[], others: readonly string[]): boolean {
  const topics = new Set(some)
  return new Set(others).size === topics.size && others.every((topic) => topics.has(topic))
}

function textOf(reset: OffsetReset): string {
  return typeof reset === 'string' ? reset : `${reset.byDurationMs} ms`
}
