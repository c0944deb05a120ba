import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import type { Transaction, TransactionOptions } from '../database/transaction.ts'
import { TasksFencedError } from '../errors/ownership-errors.ts'
import type { TaskId } from '../model/task-id.ts'
import { reach, type Telemetry } from '../telemetry/telemetry.ts'
import type { CommitUnit, TableChanges } from './commit-unit.ts'
import { byLockOrder } from './lock-order.ts'
import { positionRow } from './positions.ts'
import { OFFSETS, OUTBOX, TASKS } from './system-tables.ts'

/**
 * Makes units of several tasks durable in one transaction: fence, rows, offsets, outbox.
 *
 * @param units In any order; claim rows are locked in that of {@link byLockOrder}.
 * @throws TasksFencedError `TASKS_FENCED` naming the tasks whose epoch is no longer the unit's; nothing was written.
 * @throws what {@link Database.transaction} throws.
 */
export async function commitUnits(
  database: Database,
  units: readonly CommitUnit[],
  bounds: TransactionOptions,
  telemetry: Telemetry,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await fence(transaction, units)
    await reach(telemetry, 'fenced')
    // One behind the other without awaiting answers between them: COMMIT waits for all.
    await Promise.all(changesOf(units).flatMap((changes) => writeTable(transaction, changes)))
  }, bounds)
}

/** INVARIANT: the first statement is a write that only the current epoch can make. */
async function fence(transaction: Transaction, units: readonly CommitUnit[]): Promise<void> {
  const passed = await transaction.updateWhere(
    TASKS,
    units.toSorted(byLockOrder).map(({ taskId, epoch, sequence, streamTime }) => ({
      where: { task: taskId, epoch },
      set: { sequence, stream_time: streamTime },
    })),
  )
  if (passed < units.length) throw new TasksFencedError(await fencedOf(transaction, units))
}

async function fencedOf(transaction: Transaction, units: readonly CommitUnit[]): Promise<TaskId[]> {
  const rows = await transaction.getMany(TASKS, {
    prefix: [],
    keys: units.map(({ taskId }) => [taskId]),
  })
  const epochs = new Map(rows.map(([task, epoch]) => [task, epoch]))
  return units
    .filter(({ taskId, epoch }) => epochs.get(taskId) !== epoch)
    .map(({ taskId }) => taskId)
}

function changesOf(units: readonly CommitUnit[]): TableChanges[] {
  const offsets = { table: OFFSETS, upserts: units.flatMap(offsetRows), deletes: [] }
  return [...mergeByTable(units), offsets, outboxChanges(units)]
}

function writeTable(transaction: Transaction, changes: TableChanges): Promise<unknown>[] {
  const { table, upserts, deletes, sweeps = [] } = changes
  const sent: Promise<unknown>[] = sweeps.map(async ({ range, swept }) =>
    swept(await transaction.deleteRange(table, range)),
  )
  if (deletes.length > 0) sent.push(transaction.deleteMany(table, { prefix: [], keys: deletes }))
  if (upserts.length > 0) sent.push(transaction.upsertMany(table, upserts))
  return sent
}

/** One for each table, for all tasks together: they own different partitions of it. */
function mergeByTable(units: readonly CommitUnit[]): Iterable<TableChanges> {
  // By name: every store has a description of its own of the same table.
  const merged = new Map<string, TableChanges>()
  for (const { table, upserts, deletes, sweeps = [] } of units.flatMap((unit) => unit.changes)) {
    const known = merged.get(table.name)
    merged.set(table.name, {
      table,
      upserts: known?.upserts.concat(upserts) ?? upserts,
      deletes: known?.deletes.concat(deletes) ?? deletes,
      sweeps: known?.sweeps?.concat(sweeps) ?? sweeps,
    })
  }
  return merged.values()
}

function offsetRows({ taskId, positions, unread }: CommitUnit): Row[] {
  return [...positions, ...unread].map((position) => positionRow(taskId, position))
}

function outboxChanges(units: readonly CommitUnit[]): TableChanges {
  const deletes = units.flatMap(({ taskId, published }) =>
    published.map(({ sequence, part }) => [taskId, sequence, part]),
  )
  return { table: OUTBOX, upserts: units.flatMap(outboxRows), deletes }
}

function outboxRows({ taskId, outbox, positions }: CommitUnit): Row[] {
  if (!outbox) return []
  const where = positions.map(({ topic, partition, nextOffset }) => [
    topic,
    partition,
    nextOffset.toString(),
  ])
  return outbox.parts.map((part, index) => [taskId, outbox.sequence, index, where, part])
}
