import type { StreamRecord } from '../../model/stream-record.ts'
import { changesKey, storesOf, type NodeDefinition } from '../graph/node-definition.ts'
import type { ReadAhead } from '../processing/processing-graph.ts'

/**
 * For each source topic, the stores that its records reach without a change of their key: they will
 * be asked for that key.
 */
export function findReadAheads(
  definitions: readonly NodeDefinition[],
): ReadonlyMap<string, readonly ReadAhead[]> {
  const result = new Map<string, readonly ReadAhead[]>()
  for (const source of definitions) {
    if (source.kind !== 'source') continue
    const readAheads = storesReachedFrom(source, definitions).map(readAheadOf)
    for (const topic of source.topics) result.set(topic, readAheads)
  }
  return result
}

function storesReachedFrom(
  source: NodeDefinition,
  definitions: readonly NodeDefinition[],
): readonly string[] {
  const reached = new Set([source.name])
  const stores = new Set<string>()
  for (const node of definitions) {
    if (!node.parents.some((parent) => reached.has(parent)) || changesKey(node)) continue
    reached.add(node.name)
    for (const store of storesOf(node)) stores.add(store)
  }
  return [...stores]
}

function readAheadOf(store: string): ReadAhead {
  return Object.freeze({ store, keyOf: ({ key }: StreamRecord) => key ?? undefined })
}
