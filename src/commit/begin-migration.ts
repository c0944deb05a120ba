import type { Transaction } from '../database/transaction.ts'
import type { EarlierStore } from './catalogue.ts'
import { firstRow } from './migration-progress.ts'
import { CATALOGUE, MIGRATIONS, TASKS } from './system-tables.ts'
import { versionOf } from './upgrade-problem.ts'

/**
 * Makes a store ready for its migration: from here on nobody can start with another version of it, and nobody who runs can write
 * its rows. Where rows stay as they are that is all there is to it.
 *
 * INVARIANT: the mark in the catalogue and the new epochs are one transaction. Who is fenced by the epochs compares the catalogue
 * when it claims anew, and stops.
 */
export async function beginMigration(
  transaction: Transaction,
  { entry, migration, known }: EarlierStore,
): Promise<void> {
  const { store, version, rows, taskIds } = migration
  if (known['migratingTo'] !== undefined) return
  const description = rows ? { ...known, migratingTo: version } : entry.description
  await transaction.upsertMany(CATALOGUE, [['store', store, description]])
  if (rows) await transaction.upsertMany(MIGRATIONS, [firstRow(store, versionOf(known), version)])
  await fenceOwners(transaction, taskIds)
}

/** New epochs for tasks, whoever owns them: whatever they still write is refused. */
export async function fenceOwners(
  transaction: Transaction,
  taskIds: readonly string[],
): Promise<void> {
  const keys = taskIds.map((taskId) => [taskId])
  const claims = await transaction.getMany(TASKS, { prefix: [], keys }, { lock: true })
  const updates = claims.map(([task, epoch]) => ({
    where: { task: task as string, epoch: epoch as bigint },
    set: { epoch: (epoch as bigint) + 1n },
  }))
  await transaction.updateWhere(TASKS, updates)
}
