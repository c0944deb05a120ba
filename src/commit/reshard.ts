import type { Database } from '../database/database.ts'
import type { Row, Table } from '../database/table.ts'
import type { KeySet, Transaction, TransactionOptions } from '../database/transaction.ts'
import { TasksFencedError } from '../errors/ownership-errors.ts'
import { ReshardError } from '../errors/reshard-error.ts'
import type { Cell } from '../model/cell.ts'
import type { TaskId } from '../model/task-id.ts'
import type { CatalogueEntry } from './catalogue-entry.ts'
import type { Claim } from './claim.ts'
import type { SourcePosition } from './commit-unit.ts'
import { byLockOrder } from './lock-order.ts'
import { positionRow } from './positions.ts'
import { CATALOGUE, OFFSETS, OUTBOX, SYSTEM_TABLES, TASKS, TIMES } from './system-tables.ts'

/** How many partitions topics have, by their names. */
export type TopicSizes = ReadonlyMap<string, number>

/** The entry of the catalogue that is there while rows are being moved. */
const MARK: readonly [kind: string, name: string] = ['reshard', 'application']

/** What the catalogue says of the topics that are read, and whether rows are being moved already. Makes the tables it reads. */
export async function readSizes(
  database: Database,
): Promise<{ readonly sizes: TopicSizes; readonly isBegun: boolean }> {
  const system = SYSTEM_TABLES.map((table) => ({ table }))
  return database.migrate(system, async (transaction) => {
    const topics = await transaction.range(CATALOGUE, { prefix: ['topic'] })
    const sizes = topics.map(([, topic, description]): [string, number] => [
      topic as string,
      Number((description as { partitions?: number }).partitions),
    ])
    return { sizes: new Map(sizes), isBegun: await hasMark(transaction) }
  })
}

/**
 * Takes all tasks over, so that nobody else can process or move anything; the catalogue says so until {@link endReshard}. Who dies in
 * between is fenced by whoever begins again.
 * @throws ReshardError `RESHARD_REFUSED` while an instance owns tasks, or has left something to be published.
 */
export async function beginReshard(
  database: Database,
  taskIds: readonly TaskId[],
  instance: string,
  bounds: TransactionOptions,
): Promise<Claim[]> {
  const keys = taskIds.map((taskId) => [taskId])
  return database.transaction(async (transaction) => {
    const rows = await transaction.getMany(TASKS, { prefix: [], keys }, { lock: true })
    if (!(await hasMark(transaction))) await checkReleased(transaction, rows)
    const claims = rows.map(([task, epoch]) => ({
      taskId: task as TaskId,
      epoch: (epoch as bigint) + 1n,
    }))
    const updates = claims.map(({ taskId, epoch }) => ({
      where: { task: taskId, epoch: epoch - 1n },
      set: { epoch, instance },
    }))
    await transaction.updateWhere(TASKS, updates)
    await transaction.upsertMany(CATALOGUE, [[...MARK, {}]])
    return claims
  }, bounds)
}

async function checkReleased(transaction: Transaction, rows: readonly Row[]): Promise<void> {
  const owned = rows.find(([, , , instance]) => instance !== null)
  const [waiting] = await transaction.range(OUTBOX, { prefix: [], limit: 1 })
  const reason = owned
    ? `an instance owns the task ${owned[0] as string}`
    : `records of the task ${waiting?.[0] as string} wait to be published`
  if (owned ?? waiting) throw new ReshardError(reason, 'stop all instances and call it again')
}

async function hasMark(transaction: Transaction): Promise<boolean> {
  const found = await transaction.getMany(CATALOGUE, { prefix: [], keys: [MARK] })
  return found.length > 0
}

/** Rows of a table that are replaced by others. */
export interface MovedRows {
  readonly table: Table
  /** All in one partition, which is their prefix: without it every partition would be looked through. */
  readonly deletes: KeySet
  readonly upserts: readonly Row[]
}

/** @throws TasksFencedError `TASKS_FENCED` when somebody else has begun since; nothing was moved. */
export async function moveRows(
  database: Database,
  claim: Claim,
  { table, deletes, upserts }: MovedRows,
  bounds: TransactionOptions,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await fence(transaction, [{ ...claim, set: { epoch: claim.epoch } }])
    await transaction.deleteMany(table, deletes)
    await transaction.upsertMany(table, upserts)
  }, bounds)
}

/** What is true once all rows lie where they belong. */
export interface ReshardEnd {
  readonly claims: readonly Claim[]
  /** Of every task, those that are new too. */
  readonly tasks: readonly { readonly taskId: TaskId; readonly streamTime: number }[]
  /** Rows of the times that tasks keep. */
  readonly times: readonly Row[]
  /** Where partitions begin that are new, by their tasks. */
  readonly positions: readonly (SourcePosition & { readonly taskId: TaskId })[]
  /** What the catalogue says otherwise from now on. */
  readonly entries: readonly CatalogueEntry[]
}

/**
 * Releases all tasks, as many as there are now, and lets the catalogue say so, in one transaction: from here on applications start.
 * @throws TasksFencedError `TASKS_FENCED` when somebody else has begun since.
 */
export async function endReshard(
  database: Database,
  { claims, tasks, times, positions, entries }: ReshardEnd,
  bounds: TransactionOptions,
): Promise<void> {
  const timeOf = new Map(tasks.map(({ taskId, streamTime }) => [taskId, BigInt(streamTime)]))
  await database.transaction(async (transaction) => {
    const released = claims.toSorted(byLockOrder).map(({ taskId, epoch }) => {
      const set = { instance: null, stream_time: timeOf.get(taskId) ?? -1n }
      return { taskId, epoch, set }
    })
    await fence(transaction, released)
    await transaction.insertMissing(
      TASKS,
      [...timeOf].map(([taskId, time]) => [taskId, 0n, null, null, 0n, time]),
    )
    await transaction.upsertMany(TIMES, times)
    await transaction.upsertMany(
      OFFSETS,
      positions.map((position) => positionRow(position.taskId, position)),
    )
    await transaction.upsertMany(CATALOGUE, entries.map(toCatalogueRow))
    await transaction.deleteMany(CATALOGUE, { prefix: [], keys: [MARK] })
  }, bounds)
}

/** INVARIANT: the first statement is a write that only the current epoch can make. */
async function fence(
  transaction: Transaction,
  claims: readonly (Claim & { readonly set: Readonly<Record<string, Cell>> })[],
): Promise<void> {
  const updates = claims.map(({ taskId, epoch, set }) => ({ where: { task: taskId, epoch }, set }))
  const passed = await transaction.updateWhere(TASKS, updates)
  if (passed < claims.length) throw new TasksFencedError(claims.map(({ taskId }) => taskId))
}

function toCatalogueRow({ kind, name, description }: CatalogueEntry): Row {
  return [kind, name, description]
}
