import type { Database, TableToMigrate } from '../database/database.ts'
import type { Transaction } from '../database/transaction.ts'
import { CatalogueMismatchError } from '../errors/ownership-errors.ts'
import type { TaskId } from '../model/task-id.ts'
import { beginMigration } from './begin-migration.ts'
import { compareCatalogue, completeCatalogue, type EarlierStore } from './catalogue.ts'
import { checkKeepers, type TimeKeepers } from './check-keepers.ts'
import type { CatalogueEntry } from './catalogue-entry.ts'
import { identify } from './database-identity.ts'
import { readRunning, replaceRunning, type RunningTopology } from './running-topology.ts'
import { SYSTEM_TABLES, SYSTEM_VERSION, TASKS, VERSION } from './system-tables.ts'

/** What has to exist before the first claim. */
export interface SchemaPlan {
  readonly tables: readonly TableToMigrate[]
  readonly entries: readonly CatalogueEntry[]
  readonly taskIds: readonly TaskId[]
  /** Who goes on with the times and timers of the tasks. */
  readonly keepers: readonly TimeKeepers[]
  /** Absent where members compare their topologies themselves. */
  readonly running?: RunningTopology | undefined
}

/** What a start has found and left. */
export interface PreparedSchema {
  /** What the catalogue did not have before. */
  readonly added: readonly CatalogueEntry[]
  /** Which database it is. */
  readonly databaseId: string
}

/**
 * Makes the schema, the system tables, the stores' tables and a claim row for each task, compares the catalogue, and begins the
 * migration of stores that are of an earlier version. Any number of instances may do so at once.
 *
 * @throws CatalogueMismatchError `CATALOGUE_MISMATCH` when the database was made for something else, and what {@link RunningTopology.admit}
 *   throws; nothing is changed then.
 */
export async function prepareSchema(database: Database, plan: SchemaPlan): Promise<PreparedSchema> {
  const system = SYSTEM_TABLES.map((table) => ({ table }))
  // Before the tables of the stores too: a store of another kind has other columns, and making those fails in the database's words.
  const running = await database.migrate(system, async (transaction) => {
    await comparePlan(transaction, plan)
    return readRunning(transaction)
  })
  await plan.running?.admit(running)
  return database.migrate([...system, ...plan.tables], async (transaction) => {
    // Again, under the lock that holds until the end: another application may have come in between.
    const earlier = await comparePlan(transaction, plan)
    const added = await completeCatalogue(transaction, plan.entries)
    await transaction.insertMissing(
      TASKS,
      plan.taskIds.map((taskId) => [taskId, 0n, null, null, 0n, -1n]),
    )
    for (const store of earlier) await beginMigration(transaction, store)
    if (plan.running) await replaceRunning(transaction, plan.running.fingerprint)
    return { added, databaseId: await identify(transaction) }
  })
}

async function comparePlan(
  transaction: Transaction,
  { entries, keepers }: SchemaPlan,
): Promise<EarlierStore[]> {
  await checkVersion(transaction)
  const earlier = await compareCatalogue(transaction, entries)
  await checkKeepers(transaction, keepers)
  return earlier
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
