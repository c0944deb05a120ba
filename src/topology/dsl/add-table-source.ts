import type { Serde } from '../../serdes/serde.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { StoreVersion } from './store-version.ts'
import { inStore, type TableState } from './table-state.ts'

/** What a table is made of that takes its rows from records. */
export interface TableSource {
  readonly name: string
  /** Name of the node whose records are its rows. */
  readonly parent: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  readonly storeName: string
  readonly cache: boolean
  /** The user gave the store its name: it is there whether the topology needs it or not. */
  readonly isStored: boolean
  readonly version: StoreVersion
}

/** Adds the node of a table that takes its rows from records, and answers how later operators use it. */
export function addTableSource(graph: GraphBuilder, source: TableSource): TableState {
  const { name, parent, key, value, storeName, cache, version } = source
  const store: KeyValueStoreDefinition = Object.freeze({
    kind: 'key-value',
    name: storeName,
    key,
    value,
    cache,
    ...version,
  })
  let isStored = source.isStored
  const keep = () => {
    if (!isStored)
      graph.update(name, (definition) =>
        definition.kind === 'table-source' ? { ...definition, store } : definition,
      )
    isStored = true
    return inStore(storeName)
  }
  graph.add({
    kind: 'table-source',
    name,
    parents: [parent],
    store: isStored ? store : undefined,
  })
  return {
    node: name,
    key,
    value,
    store: source.isStored ? storeName : undefined,
    sendOldValues: (force) => (isStored || force) && keep().sendOldValues(force),
    valueGetter: () => keep().valueGetter(),
  }
}
