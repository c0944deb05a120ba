import type { Database, TableToMigrate } from '../database/database.ts'
import type { Transaction } from '../database/transaction.ts'
import { CatalogueMismatchError } from '../errors/ownership-errors.ts'
import type { JsonValue } from '../model/cell.ts'
import type { TaskId } from '../model/task-id.ts'
import { CATALOGUE, SYSTEM_TABLES, SYSTEM_VERSION, TASKS, VERSION } from './system-tables.ts'

/** A fact about the application that must stay as it was when the database was made. */
export interface CatalogueEntry {
  readonly kind: 'application' | 'store' | 'topic'
  readonly name: string
  readonly description: Readonly<Record<string, JsonValue>>
  /** What a person can do when it changed on purpose. */
  readonly wayOut: string
}

/** What has to exist before the first claim. */
export interface SchemaPlan {
  readonly tables: readonly TableToMigrate[]
  readonly entries: readonly CatalogueEntry[]
  readonly taskIds: readonly TaskId[]
}

/**
 * Makes the schema, the system tables, the stores' tables and a claim row for each task, and compares the catalogue. Any
 * number of instances may do so at once.
 *
 * @throws CatalogueMismatchError `CATALOGUE_MISMATCH` when the database was made for something else; nothing is changed then.
 */
export async function prepareSchema(
  database: Database,
  { tables, entries, taskIds }: SchemaPlan,
): Promise<void> {
  const system = SYSTEM_TABLES.map((table) => ({ table }))
  await database.migrate([...system, ...tables], async (transaction) => {
    await checkVersion(transaction)
    await checkCatalogue(transaction, entries)
    await transaction.insertMissing(
      TASKS,
      taskIds.map((taskId) => [taskId, 0n, null, null, 0n, -1n]),
    )
  })
}

async function checkVersion(transaction: Transaction): Promise<void> {
  await transaction.insertMissing(VERSION, [['system', SYSTEM_VERSION]])
  const [row] = await transaction.getMany(VERSION, { prefix: [], keys: [['system']] })
  const version = Number(row?.[1])
  if (version !== SYSTEM_VERSION) {
    const wayOut = 'run the version of rowstream that made it, or a newer one'
    throw new CatalogueMismatchError(
      'the version of the system tables',
      String(SYSTEM_VERSION),
      String(version),
      wayOut,
    )
  }
}

async function checkCatalogue(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  await transaction.insertMissing(
    CATALOGUE,
    entries.map(({ kind, name, description }) => [kind, name, description]),
  )
  const rows = await transaction.getMany(CATALOGUE, {
    prefix: [],
    keys: entries.map(({ kind, name }) => [kind, name]),
  })
  const known = new Map(
    rows.map(([kind, name, description]) => [
      `${kind as string}/${name as string}`,
      canonical(description as JsonValue),
    ]),
  )
  await checkStores(transaction, entries)
  for (const { kind, name, description, wayOut } of entries) {
    const expected = known.get(`${kind}/${name}`)
    const found = canonical(description)
    if (expected !== found)
      throw new CatalogueMismatchError(`${kind} ${name}`, found, expected ?? 'nothing', wayOut)
  }
}

/** A store that the topology does not have any more was most likely renamed: its rows would be left behind in silence. */
async function checkStores(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  const names = new Set(entries.filter(({ kind }) => kind === 'store').map(({ name }) => name))
  const rows = await transaction.range(CATALOGUE, { prefix: ['store'] })
  const lost = rows.map(([, name]) => name as string).find((name) => !names.has(name))
  if (lost === undefined) return
  throw new CatalogueMismatchError(
    `store ${lost}`,
    'not in the topology',
    'one that has it',
    `give the store its name back (option store), or drop the table ${lost} and its row in rowstream_catalogue`,
  )
}

/** JSON with sorted names: a database may give the names of an object in another order. */
function canonical(value: JsonValue): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return JSON.stringify(value)
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${name}: ${canonical(field)}`).join(', ')}}`
}
