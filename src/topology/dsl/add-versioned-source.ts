import type { GraphBuilder } from '../graph/graph-builder.ts'
import { checkHistory } from './check-history.ts'
import type { TableSource } from './add-table-source.ts'
import type { TableState } from './table-state.ts'

/** Adds the node of a table that keeps the versions of its rows, and answers how later operators use it. */
export function addVersionedSource(
  graph: GraphBuilder,
  { name, parent, key, value, storeName, isStored, version }: TableSource,
  historyRetentionMs: number,
): TableState {
  checkHistory(storeName, historyRetentionMs)
  const store = Object.freeze({
    ...({ kind: 'versioned', name: storeName, cache: false } as const),
    ...{ key, value, historyRetentionMs, ...version },
  })
  graph.add({ kind: 'versioned-source', name, parents: [parent], store })
  return {
    ...{ node: name, key, value, isVersioned: true, store: isStored ? storeName : undefined },
    sendOldValues: () => true,
    valueGetter: () => ({ kind: 'store', store: storeName }),
  }
}
