import type { Database } from '../../../src/database/database.ts'
import type { KeySet, Reader } from '../../../src/database/transaction.ts'
import type { Row, Table } from '../../../src/database/table.ts'
import { countSerde } from '../../../src/serdes/count-serde.ts'
import { stringSerde } from '../../../src/serdes/string-serde.ts'
import type { KeyValueStoreDefinition } from '../../../src/stores/contract/store-definition.ts'
import { storeTable } from '../../../src/stores/store-table.ts'
import { TableStore } from '../../../src/stores/table-store.ts'
import type { SealedChanges } from '../../../src/stores/task-store.ts'
import { emptyDatabase } from '../../support/memory-state.ts'

/** A store of counts by text. */
export const definition: KeyValueStoreDefinition<string, number> = {
  kind: 'key-value',
  name: 'counts',
  key: stringSerde,
  value: countSerde,
  cache: true,
}

/** A database with the table of a store, two partitions, and rows in partition 0. */
export async function databaseOf(
  rows: readonly (readonly [string, number])[],
  store:
    KeyValueStoreDefinition<never, never> | KeyValueStoreDefinition<string, number> = definition,
): Promise<Database> {
  const database = await emptyDatabase()
  const table = storeTable(store)
  await database.migrate([{ table, partitions: 2 }], (transaction) =>
    transaction.upsertMany(
      table,
      rows.map(([key, value]) => [0, key, value, 1]),
    ),
  )
  return database
}

/** A store, its database, and the keys of each statement that it read with. */
export async function storeOf(
  rows: readonly (readonly [string, number])[],
  { partition = 0, cacheBytesMax = 1e6 } = {},
) {
  const database = await databaseOf(rows)
  const reads: unknown[][] = []
  const reader: Reader = {
    range: (table, range) => database.range(table, range),
    getMany: (table: Table, keys: KeySet): Promise<Row[]> => {
      reads.push(keys.keys.map(([key]) => key))
      return database.getMany(table, keys)
    },
  }
  return {
    store: new TableStore(definition, partition, reader, () => cacheBytesMax),
    database,
    reads,
  }
}

/** Makes a sealed unit durable. */
export async function writeSealed(database: Database, { changes }: SealedChanges): Promise<void> {
  const { table, upserts, deletes } = changes
  await database.transaction(async (transaction) => {
    if (deletes.length > 0) await transaction.deleteMany(table, { prefix: [], keys: deletes })
    if (upserts.length > 0) await transaction.upsertMany(table, upserts)
  })
}
