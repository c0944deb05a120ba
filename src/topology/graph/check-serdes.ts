import { TopologyError } from '../../errors/topology-error.ts'
import type { Serde } from '../../serdes/serde.ts'
import { MISSING_SERDE } from './missing-serde.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'

/**
 * @throws TopologyError `TOPOLOGY_INVALID` that names the first node without a serde it needs, and
 * where to give one.
 */
export function checkSerdes(definitions: readonly NodeDefinition[]): void {
  for (const definition of definitions) {
    const needed = serdesOf(definition)
    for (const part of ['key', 'value'] as const) {
      if (needed?.[part] !== MISSING_SERDE) continue
      throw new TopologyError(
        `node ${definition.name} needs a ${part} serde: ${remedy(definition, part)}`,
      )
    }
  }
}

function serdesOf(
  definition: NodeDefinition,
): { readonly key: Serde<unknown>; readonly value: Serde<unknown> } | undefined {
  if (
    definition.kind === 'sink' ||
    definition.kind === 'dynamic-sink' ||
    definition.kind === 'source'
  )
    return definition
  const [store] = ownStoresOf(definition)
  return store && 'value' in store ? store : undefined
}

function remedy(definition: NodeDefinition, part: 'key' | 'value'): string {
  const option = `{ ${part}: serdes.… }`
  if (definition.kind === 'sink' && !definition.internal)
    return `pass ${option} to to('${definition.topic}', …)`
  if (definition.kind === 'dynamic-sink') return `pass ${option} to to(…)`
  if (definition.kind === 'source' && !definition.internal) return `pass ${option} to stream(…)`
  if (definition.kind === 'join-window')
    return `pass ${option} to the join, or { otherValue: serdes.… } for the other stream`
  if (definition.kind === 'stream-table-join')
    return `pass ${option} to the join, whose records wait`
  if (ownStoresOf(definition).length > 0 && part === 'value')
    return `pass ${option} to the operator that makes the store`
  return `pass ${option} to groupBy, groupByKey or repartition`
}
