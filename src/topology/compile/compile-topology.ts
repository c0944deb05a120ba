import { ConfigurationError } from '../../errors/configuration-error.ts'
import { globalStoresOf, ownStoresOf, type NodeDefinition } from '../graph/node-definition.ts'
import { isStateless } from '../graph/is-stateless.ts'
import { storePlaces } from '../graph/store-places.ts'
import type { NodeContext } from '../processing/node-context.ts'
import type {
  InternalTopic,
  RunnableTopology,
  SourceTopic,
  Subtopology,
} from '../runnable-topology.ts'
import { findSerdes } from './find-serdes.ts'
import { findCopartitions } from './find-copartitions.ts'
import { openGraph } from './open-graph.ts'
import { qualifyTopics } from './qualify-topics.ts'

const LEGAL_ID = /^(?!\.\.?$)[a-zA-Z0-9._-]{1,249}$/

/** Sub-topologies that run, out of groups of connected nodes. */
export function compileTopology(
  groups: readonly (readonly NodeDefinition[])[],
  applicationId: string,
): RunnableTopology {
  if (!LEGAL_ID.test(applicationId)) {
    throw new ConfigurationError(
      `applicationId '${applicationId}' is not allowed: ASCII letters, digits, '.', '_' and '-'`,
    )
  }
  const qualified = groups.map((group) =>
    group.map((definition) => qualifyTopics(definition, applicationId)),
  )
  const subtopologies = qualified.map(compileSubtopology)
  return Object.freeze({
    subtopologies,
    internalTopics: findInternalTopics(qualified.flat(), subtopologies),
    copartitions: findCopartitions(qualified.flat()),
    choosesTopics: groups.flat().some(({ kind }) => kind === 'dynamic-sink'),
    outputTopics: unique(
      qualified
        .flat()
        .flatMap((node) => (node.kind === 'sink' && !node.internal ? [node.topic] : [])),
    ),
    serdes: findSerdes(qualified.flat()),
  })
}

function compileSubtopology(group: readonly NodeDefinition[], id: number): Subtopology {
  return Object.freeze({
    id,
    nodes: group.map(({ name }) => name),
    sources: group.flatMap(sourceTopicsOf),
    stores: group.flatMap(ownStoresOf),
    storePlaces: storePlaces(group),
    globalStores: unique(group.flatMap(globalStoresOf)),
    sinks: unique(group.flatMap((node) => (node.kind === 'sink' ? [node.topic] : []))),
    isStateless: group.every(isStateless),
    open: (context: NodeContext) => openGraph(group, context),
  })
}

function sourceTopicsOf(node: NodeDefinition): readonly SourceTopic[] {
  if (node.kind !== 'source') return []
  return node.topics.map((topic) => ({
    topic,
    offsetReset: node.offsetReset,
    internal: node.internal,
    isGlobal: node.isGlobal === true,
    ...(node.pattern && { pattern: String(node.pattern) }),
  }))
}

function findInternalTopics(
  definitions: readonly NodeDefinition[],
  subtopologies: readonly Subtopology[],
): readonly InternalTopic[] {
  return definitions.flatMap((node) => {
    if (node.kind !== 'source' || !node.internal) return []
    return node.topics.map((topic) => {
      const writers = subtopologies.filter(({ sinks }) => sinks.includes(topic))
      const sizedBy = unique(
        writers.flatMap(({ sources }) => sources.map((source) => source.topic)),
      )
      const { combined, partitions } = node
      const changes = node.changes && { changes: true }
      return Object.freeze({ topic, sizedBy, combined, partitions, ...changes })
    })
  })
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
