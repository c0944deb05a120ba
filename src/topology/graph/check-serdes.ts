import { TopologyError } from '../../errors/topology-error.ts'
import type { Serde } from '../../serdes/serde.ts'
import { MISSING_SERDE } from './missing-serde.ts'
import type { NodeDefinition } from './node-definition.ts'

/** @throws TopologyError `TOPOLOGY_INVALID` that names the first node without a serde it needs, and where to give one. */
export function checkSerdes(definitions: readonly NodeDefinition[]): void {
  for (const definition of definitions) {
    switch (definition.kind) {
      case 'sink':
      case 'source':
        requireSerde(definition, 'key', definition.key)
        requireSerde(definition, 'value', definition.value)
        break
      case 'aggregate':
        requireSerde(definition, 'key', definition.store.key)
        requireSerde(definition, 'value', definition.store.value)
        break
    }
  }
}

function requireSerde(
  definition: NodeDefinition,
  part: 'key' | 'value',
  serde: Serde<unknown>,
): void {
  if (serde !== MISSING_SERDE) return
  throw new TopologyError(
    `node ${definition.name} needs a ${part} serde: ${remedy(definition, part)}`,
  )
}

function remedy(definition: NodeDefinition, part: 'key' | 'value'): string {
  const option = `{ ${part}: serdes.… }`
  if (definition.kind === 'sink' && !definition.internal)
    return `pass ${option} to to('${definition.topic}', …)`
  if (definition.kind === 'source' && !definition.internal) return `pass ${option} to stream(…)`
  if (definition.kind === 'aggregate' && part === 'value')
    return `pass ${option} to the operator that makes the store`
  return `pass ${option} to groupBy or groupByKey`
}
