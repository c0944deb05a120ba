import type { NodeDefinition } from '../graph/node-definition.ts'

/** The definition with the full names of its internal topics: `<applicationId>-<topic>`. */
export function qualifyTopics(definition: NodeDefinition, applicationId: string): NodeDefinition {
  if (definition.kind === 'sink' && definition.internal) {
    return Object.freeze({ ...definition, topic: `${applicationId}-${definition.topic}` })
  }
  if (definition.kind === 'source' && definition.internal) {
    return Object.freeze({
      ...definition,
      topics: definition.topics.map((topic) => `${applicationId}-${topic}`),
    })
  }
  return definition
}
