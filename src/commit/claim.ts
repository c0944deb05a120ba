import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import type { TransactionOptions } from '../database/transaction.ts'
import type { TaskId } from '../model/task-id.ts'
import { byLockOrder } from './lock-order.ts'
import { OUTBOX, TASKS } from './system-tables.ts'

/** A task and the epoch under which this instance owns it. */
export interface Claim {
  readonly taskId: TaskId
  readonly epoch: bigint
}

/** A claim just made, and what its predecessor left. */
export interface FreshClaim extends Claim {
  /** The id under which an undecided Kafka transaction may hold batches of the task; `null`: nothing to fence. */
  readonly predecessor: string | null
}

/** Who claims, and under which bounds. */
export interface ClaimOptions {
  readonly instance: string
  /** The id of one's own producer: stored with the claim where the row names none, since nothing is to be fenced before. */
  readonly transactionalId?: string
  readonly bounds: TransactionOptions
}

/**
 * Becomes the owner of tasks, whoever owned them: epoch + 1. A transactional id in the row is returned and stays, until
 * {@link storeTransactionalId} replaces it: it is what the next claimer must fence if this one dies now. A released task names none,
 * and is given one's own in the same transaction.
 */
export function claim(
  database: Database,
  taskIds: readonly TaskId[],
  options: ClaimOptions,
): Promise<FreshClaim[]> {
  return claimWhere(database, taskIds, options, () => true)
}

/** Proves ownership anew after an unknown outcome: epoch + 1 where the epoch is still ours; tasks that are not are left out. */
export function reclaim(
  database: Database,
  claims: readonly Claim[],
  options: ClaimOptions,
): Promise<FreshClaim[]> {
  const mine = new Map<string, bigint>(claims.map(({ taskId, epoch }) => [taskId, epoch]))
  return claimWhere(
    database,
    claims.map(({ taskId }) => taskId),
    options,
    (task, epoch) => mine.get(task) === epoch,
  )
}

async function claimWhere(
  database: Database,
  taskIds: readonly TaskId[],
  { instance, transactionalId: ownId, bounds }: ClaimOptions,
  mayClaim: (task: string, epoch: bigint) => boolean,
): Promise<FreshClaim[]> {
  if (taskIds.length === 0) return []
  const keys = taskIds.map((taskId) => [taskId])
  return database.transaction(async (transaction) => {
    const rows = await transaction.getMany(TASKS, { prefix: [], keys }, { lock: true })
    const claimed = rows.map(toClaimRow).filter(({ taskId, epoch }) => mayClaim(taskId, epoch))
    await transaction.updateWhere(
      TASKS,
      claimed.map(({ taskId, epoch, transactionalId }) => ({
        where: { task: taskId, epoch },
        set: { epoch: epoch + 1n, instance, transactional_id: transactionalId ?? ownId ?? null },
      })),
    )
    return claimed.map(({ taskId, epoch, transactionalId }) => ({
      taskId,
      epoch: epoch + 1n,
      predecessor: transactionalId,
    }))
  }, bounds)
}

/**
 * Writes the id of one's own producer into the rows that are still ours, and answers the claims for which that was so.
 */
export async function storeTransactionalId(
  database: Database,
  claims: readonly Claim[],
  transactionalId: string,
  bounds: TransactionOptions,
): Promise<Claim[]> {
  if (claims.length === 0) return []
  const sorted = claims.toSorted(byLockOrder)
  return database.transaction(async (transaction) => {
    const update = ({ taskId, epoch }: Claim) => ({
      where: { task: taskId, epoch },
      set: { transactional_id: transactionalId },
    })
    const stored = await transaction.updateWhere(TASKS, sorted.map(update))
    if (stored === sorted.length) return sorted
    const rows = await transaction.getMany(TASKS, {
      prefix: [],
      keys: sorted.map(({ taskId }) => [taskId]),
    })
    const epochs = new Map(rows.map(toClaimRow).map((row) => [row.taskId, row.epoch]))
    return sorted.filter(({ taskId, epoch }) => epochs.get(taskId) === epoch)
  }, bounds)
}

/**
 * Gives tasks up: their outbox rows go, the transactional id becomes null, so that the next owner has nothing to fence.
 * Only when nothing of them is unpublished or in flight.
 */
export async function release(
  database: Database,
  claims: readonly Claim[],
  bounds: TransactionOptions,
): Promise<void> {
  if (claims.length === 0) return
  const sorted = claims.toSorted(byLockOrder)
  await database.transaction(async (transaction) => {
    for (const { taskId, epoch } of sorted) {
      const where = { task: taskId, epoch }
      const mine = await transaction.updateWhere(TASKS, [
        { where, set: { transactional_id: null, instance: null } },
      ])
      if (mine === 1) await transaction.deleteRange(OUTBOX, { prefix: [taskId] })
    }
  }, bounds)
}

/** A claim row as it stands. */
export interface ClaimRow extends Claim {
  readonly transactionalId: string | null
  readonly instance: string | null
  readonly sequence: bigint
  readonly streamTime: number
}

/** The claim rows of tasks, committed state; tasks without a row are left out. */
export async function readClaims(
  database: Database,
  taskIds: readonly TaskId[],
): Promise<ClaimRow[]> {
  const rows = await database.getMany(TASKS, {
    prefix: [],
    keys: taskIds.map((taskId) => [taskId]),
  })
  return rows.map(toClaimRow)
}

function toClaimRow([task, epoch, transactionalId, instance, sequence, streamTime]: Row): ClaimRow {
  return {
    taskId: task as TaskId,
    epoch: epoch as bigint,
    transactionalId: transactionalId as string | null,
    instance: instance as string | null,
    sequence: sequence as bigint,
    streamTime: Number(streamTime),
  }
}
