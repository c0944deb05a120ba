import type { StreamRecord } from '../../model/stream-record.ts'
import { changesKey, storesOf, type NodeDefinition } from '../graph/node-definition.ts'
import type { GlobalTableJoinDefinition } from '../nodes/stream-table-join-node.ts'
import type { ReadAhead } from '../processing/processing-graph.ts'

/** Nodes whose children get records as they are. */
const LEAVES_RECORDS: readonly NodeDefinition['kind'][] = [
  ...(['filter', 'peek', 'merge', 'pass-through', 'drop-null-keys'] as const),
]

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
    const readAheads = [
      ...storesReachedFrom(source, definitions).map(readAheadOf),
      ...globalJoinsReachedFrom(source, definitions).map(readAheadOfGlobal),
    ]
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
    if (!node.parents.some((parent) => reached.has(parent))) continue
    if (!changesKey(node)) reached.add(node.name)
    for (const store of storesOf(node)) stores.add(store)
  }
  return [...stores]
}

/** Joins with global tables that see records as they come from the source: their keys can be made beforehand. */
function globalJoinsReachedFrom(
  source: NodeDefinition,
  definitions: readonly NodeDefinition[],
): readonly GlobalTableJoinDefinition[] {
  const reached = new Set([source.name])
  return definitions.flatMap((node) => {
    if (!node.parents.some((parent) => reached.has(parent))) return []
    if (LEAVES_RECORDS.includes(node.kind)) reached.add(node.name)
    return node.kind === 'global-table-join' ? [node] : []
  })
}

function readAheadOfGlobal({ global, selector }: GlobalTableJoinDefinition): ReadAhead {
  return Object.freeze({
    store: global,
    keyOf: ({ key, value }: StreamRecord) => {
      try {
        return (value ?? null) === null ? undefined : (selector(key, value) ?? undefined)
      } catch {
        // It throws again where the failure policy is asked.
        return undefined
      }
    },
  })
}

function readAheadOf(store: string): ReadAhead {
  return Object.freeze({ store, keyOf: ({ key }: StreamRecord) => key ?? undefined })
}
