import type { Table } from '../database/table.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type { StoreDefinition } from './contract/store-definition.ts'

/** The table of a key-value store: anyone can query it while the application runs. */
export function storeTable({
  name,
  key,
  value,
}: Pick<StoreDefinition, 'name' | 'key' | 'value'>): Table {
  return {
    name,
    columns: [
      { name: 'partition', type: 'int32' },
      { name: 'key', type: keyColumnOf(key).type },
      { name: 'value', type: value.column.type },
      { name: 'timestamp', type: 'timestamp' },
    ],
    key: ['partition', 'key'],
    partitioned: true,
  }
}
