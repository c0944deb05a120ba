import type { CatalogueEntry } from '../commit/prepare-schema.ts'
import type { StoreDefinition } from './contract/store-definition.ts'

/** What the catalogue keeps of a store: a table made with these must not be opened with others. */
export function storeEntry(store: StoreDefinition, partitions: number): CatalogueEntry {
  const { kind, name, key } = store
  return {
    kind: 'store',
    name,
    description: {
      ...{ kind, key: key.name, partitions },
      ...(store.kind === 'join-buffer'
        ? { left: store.left.name, right: store.right.name }
        : { value: store.value.name }),
      ...(store.kind === 'window' && { windowSize: String(store.sizeMs) }),
    },
    wayOut: `give the store another name, or drop the table ${name} and its row in rowstream_catalogue and start from the input again`,
  }
}
