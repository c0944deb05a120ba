import { TopicMissingError } from '../../errors/kafka-errors.ts'
import { TopologyError } from '../../errors/topology-error.ts'
import type { SourceDefinition } from '../nodes/source-node.ts'
import type { NodeDefinition } from './node-definition.ts'

/**
 * The definitions with topics in place of patterns: those of the application's own are left out.
 *
 * @param topics All topics there are.
 * @throws TopicMissingError `TOPIC_MISSING` when a pattern matches none, TopologyError `TOPOLOGY_INVALID` when another source reads
 *   what it matches.
 */
export function matchPatterns(
  definitions: readonly NodeDefinition[],
  topics: readonly string[],
  applicationId: string,
): readonly NodeDefinition[] {
  const sources = definitions.filter((one) => one.kind === 'source')
  const own = new Set(
    sources
      .flatMap((one) => (one.internal ? one.topics : []))
      .map((name) => `${applicationId}-${name}`),
  )
  const external = topics.filter((topic) => !own.has(topic))
  const matched = new Map(
    sources.flatMap(({ name, pattern }) =>
      pattern ? [[name, external.filter((topic) => matches(pattern, topic)).toSorted()]] : [],
    ),
  )
  const resolved = definitions.map((one) => {
    const found = matched.get(one.name)
    return found && one.kind === 'source' ? Object.freeze({ ...one, topics: found }) : one
  })
  for (const one of resolved) if (one.kind === 'source' && one.pattern) check(one, resolved)
  return resolved
}

/** Whole names, as in Kafka Streams. */
function matches({ source, flags }: RegExp, topic: string): boolean {
  return new RegExp(`^(?:${source})$`, flags.replaceAll(/[gy]/g, '')).test(topic)
}

function check(source: SourceDefinition, definitions: readonly NodeDefinition[]): void {
  if (source.topics.length === 0) throw new TopicMissingError([String(source.pattern)], 'read')
  for (const other of definitions) {
    if (other.kind !== 'source' || other.name === source.name || other.internal) continue
    const both = other.topics.find((topic) => source.topics.includes(topic))
    if (both !== undefined)
      throw new TopologyError(
        `the pattern ${String(source.pattern)} of source ${source.name} matches ${both}, which source ${other.name} reads`,
      )
  }
}
