import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import type { NodeDefinition } from './node-definition.ts'

/**
 * The definition of a node that holds nothing back until the commit.
 *
 * Combiners stay and hand each record on as a partial result of one: the topic behind them carries the same format, and
 * needs the same serdes, as with a cache.
 */
export function withoutCache(definition: NodeDefinition): NodeDefinition {
  if (definition.kind === 'combine') return Object.freeze({ ...definition, cache: false })
  if (!('store' in definition) || definition.store === undefined) return definition
  return Object.freeze({ ...definition, store: uncached(definition.store) } as NodeDefinition)
}

function uncached(store: StoreDefinition): StoreDefinition {
  return 'cache' in store ? Object.freeze({ ...store, cache: false }) : store
}
