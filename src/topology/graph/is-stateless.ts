import { failOnInvalidTimestamp } from '../processing/timestamp-extractors.ts'
import type { NodeDefinition } from './node-definition.ts'

/** Kinds that neither keep rows or times nor let a user's object keep anything. */
const STATELESS: ReadonlySet<NodeDefinition['kind']> = new Set([
  ...(['source', 'sink', 'dynamic-sink', 'pass-through', 'merge', 'branch'] as const),
  ...([
    'map',
    'map-values',
    'map-values-async',
    'flat-map',
    'flat-map-values',
    'select-key',
  ] as const),
  ...(['filter', 'drop-null-keys', 'peek', 'combine', 'global-table-join'] as const),
])

/** Whether a node can be run again over records it has seen, as if it had not. */
export function isStateless(node: NodeDefinition): boolean {
  // Any other extractor is given the time of the partition, which is kept.
  if (node.kind === 'source') return node.timestampExtractor === failOnInvalidTimestamp
  return STATELESS.has(node.kind)
}
