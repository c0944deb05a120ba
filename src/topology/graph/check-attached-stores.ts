import { TopologyError } from '../../errors/topology-error.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'

/** @throws TopologyError `TOPOLOGY_INVALID` that names the first processor to which a store is attached that nobody has. */
export function checkAttachedStores(definitions: readonly NodeDefinition[]): void {
  const kept = new Set(definitions.flatMap(ownStoresOf).map(({ name }) => name))
  for (const node of definitions) {
    if (node.kind !== 'process') continue
    const missing = node.attached.find(({ name }) => !kept.has(name))
    if (missing)
      throw new TopologyError(
        `the store ${missing.name} is attached to node ${node.path} by its name, but no operator keeps it: attach it with its builder`,
      )
  }
}
