import type { CatalogueEntry, Description } from '../commit/catalogue-entry.ts'
import type { JsonValue } from '../model/cell.ts'
import type { StoreMigration } from '../commit/store-migration.ts'
import type { TaskId } from '../model/task-id.ts'
import type { MigratableStoreDefinition, StoreDefinition } from './contract/store-definition.ts'
import { rowMigration } from './row-migration.ts'
import { storeTable } from './store-table.ts'

/** What says nothing about the rows: everything else of a definition, whatever its kind, must stay as it was. */
const UNNOTICED: ReadonlySet<string> = new Set([
  ...['name', 'cache', 'responses'],
  ...['migrate', 'migrateLeft', 'migrateRight'],
])

/** What the catalogue keeps of a store: a table made with these must not be opened with others. */
export function storeEntry(
  store: StoreDefinition,
  partitions: number,
  taskIds: readonly TaskId[] = [],
): CatalogueEntry {
  const { name } = store
  return {
    ...(store.kind !== 'subscriptions' && { migration: migrationOf(store, partitions, taskIds) }),
    kind: 'store',
    name,
    description: { ...describeStore(store), partitions },
    wayOut: (changed) => {
      if (changed.includes('partitions'))
        return 'where its topics have grown, stop all instances and whoever writes to them, and call reshard(topology, options), which moves the rows to the partitions of their keys; or start under another applicationId'
      if (changed.some((field) => field.startsWith('subscriber')))
        return 'put the rows that subscribe back as they were, or start under another applicationId: subscriptions hold hashes of these rows, so answers to them would be taken for stale and dropped (see docs/evolution.md)'
      return `put ${changed.join(', ')} back, or give the store another name and drop what it leaves (see docs/evolution.md): it then begins with the input that is still to come`
    },
  }
}

function migrationOf(
  store: MigratableStoreDefinition,
  partitions: number,
  taskIds: readonly TaskId[],
): StoreMigration {
  const { name, version = 1 } = store
  const rows = rowMigration(store)
  return { store: name, version, table: storeTable(store), partitions, taskIds, rows }
}

/** Every field of the definition that matters; one that a kind of store gains is noticed without further ado. */
function describeStore(store: StoreDefinition): Description {
  const fields = Object.entries(store).filter(
    ([field, value]) => value !== undefined && !UNNOTICED.has(field),
  )
  return Object.fromEntries(fields.map(([field, value]) => [field, describe(value)]))
}

/** A serde by its name; a number as text, since JSON has none that is infinite. */
function describe(value: unknown): JsonValue {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null && 'serialize' in value && 'name' in value)
    return String(value.name)
  return value as JsonValue
}
