import type { Column, Table } from '../database/table.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type { StoreDefinition } from './contract/store-definition.ts'

/** What the table of a store depends on. */
export type TabledStore = Pick<StoreDefinition, 'kind' | 'name' | 'key' | 'value'>

const PARTITION: Column = { name: 'partition', type: 'int32' }

/** The table of a store: anyone can query it while the application runs. */
export function storeTable(store: TabledStore): Table {
  switch (store.kind) {
    case 'key-value':
      return { ...tableOf(store, []), key: ['partition', 'key'] }
    case 'window':
      return {
        ...tableOf(store, ['window_start', 'window_end']),
        key: ['partition', 'key', 'window_start'],
        index: ['partition', 'window_start'],
      }
    case 'session':
      return {
        ...tableOf(store, ['session_start', 'session_end']),
        key: ['partition', 'key', 'session_end', 'session_start'],
        index: ['partition', 'session_end', 'session_start'],
      }
  }
}

/** The columns of every store, with the times of its kind behind the key. */
function tableOf({ name, key, value }: TabledStore, times: readonly string[]): Omit<Table, 'key'> {
  const columns: Column[] = [
    PARTITION,
    { name: 'key', type: keyColumnOf(key).type },
    ...times.map((time): Column => ({ name: time, type: 'timestamp' })),
    { name: 'value', type: value.column.type },
    { name: 'timestamp', type: 'timestamp' },
  ]
  return { name, columns, partitioned: true }
}
