import type { Row } from '../database/table.ts'
import { keyColumnOf, type Serde } from '../serdes/serde.ts'
import type { StoreDefinition } from './contract/store-definition.ts'
import { storeTable } from './store-table.ts'

/** The key of a row, as bytes: those that say which partition it goes to. */
export type KeyBytesOf = (row: Row) => Uint8Array

/** How to find the key of each row of a store. */
export function keyBytesIn(store: StoreDefinition): KeyBytesOf {
  return cellBytesIn(store, store.kind === 'subscriptions' ? 'foreign_key' : 'key', store.key)
}

/** Of a subscription: the key of the row that subscribes. */
export function primaryKeyBytesIn(store: StoreDefinition & { kind: 'subscriptions' }): KeyBytesOf {
  return cellBytesIn(store, 'primary_key', store.primaryKey)
}

function cellBytesIn(store: StoreDefinition, column: string, serde: Serde<unknown>): KeyBytesOf {
  const at = storeTable(store).columns.findIndex(({ name }) => name === column)
  return (row) => {
    const bytes = serde.serialize(keyColumnOf(serde).fromCell(row[at]!))
    return serde.partitionBytes?.(bytes) ?? bytes
  }
}
