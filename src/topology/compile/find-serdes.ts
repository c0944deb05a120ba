import type { Serde } from '../../serdes/serde.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import { ownStoresOf, type NodeDefinition } from '../graph/node-definition.ts'
import type { UsedSerde } from '../runnable-topology.ts'

/** The serdes of all nodes, each once: those of sinks and stores are written with, those of sources alone only read. */
export function findSerdes(definitions: readonly NodeDefinition[]): readonly UsedSerde[] {
  const found = new Map<Serde<unknown>, UsedSerde>()
  for (const node of definitions) {
    if (node.kind === 'source') addAll(found, [node.key, node.value], false)
    if (node.kind === 'sink' || node.kind === 'dynamic-sink')
      addAll(found, [node.key, node.value], true)
    if (node.kind === 'subscription-send') addAll(found, [node.foreignKey, node.value], true)
    for (const store of ownStoresOf(node)) addAll(found, serdesOf(store), true)
  }
  return [...found.values()]
}

function serdesOf(store: StoreDefinition): readonly Serde<unknown>[] {
  if (store.kind === 'subscriptions') return [store.key, store.primaryKey]
  return 'value' in store ? [store.key, store.value] : [store.key, store.left, store.right]
}

function addAll(
  found: Map<Serde<unknown>, UsedSerde>,
  serdes: readonly Serde<unknown>[],
  isWritten: boolean,
): void {
  for (const serde of serdes)
    found.set(serde, { serde, isWritten: isWritten || (found.get(serde)?.isWritten ?? false) })
}
