import type { OutboxKey, SourcePosition } from '../commit/commit-unit.ts'
import { decodeOutbox, isReplayed } from '../commit/outbox-codec.ts'
import { OUTBOX } from '../commit/system-tables.ts'
import type { Reader } from '../database/transaction.ts'
import type { Row } from '../database/table.ts'
import { groupBy } from '../model/group-by.ts'
import type { TaskId } from '../model/task-id.ts'
import type { RelayBatch } from './relay-batch.ts'

/** Batches read in one statement when a predecessor's outbox is published. */
const ROWS_MAX = 64

/** The batches of a task that wait in its outbox after a sequence, in order; each batch whole. */
export async function readOutbox(
  reader: Reader,
  taskId: TaskId,
  after: bigint,
): Promise<RelayBatch[]> {
  const batches: RelayBatch[] = []
  let from = { cell: after, inclusive: false }
  for (;;) {
    const rows = await reader.range(OUTBOX, { prefix: [taskId], from, limit: ROWS_MAX })
    const whole = rows.length < ROWS_MAX ? rows : await withoutLast(reader, taskId, rows)
    batches.push(...toBatches(taskId, whole))
    if (rows.length < ROWS_MAX) return batches
    from = { cell: batches.at(-1)!.sequence, inclusive: false }
  }
}

/** A row of a task's outbox, without its records. */
export interface OutboxRow extends OutboxKey {
  /** It holds none: a next owner makes them again. */
  readonly isReplayed: boolean
}

/** The rows of a task's outbox, in order. */
export async function outboxRows(reader: Reader, taskId: TaskId): Promise<OutboxRow[]> {
  const rows = await reader.range(OUTBOX, { prefix: [taskId] })
  return rows.map(([, sequence, part, , records]) => ({
    sequence: sequence as bigint,
    part: part as number,
    isReplayed: isReplayed(records as Uint8Array),
  }))
}

/** The page may end inside a batch: that one is read again, whole. */
async function withoutLast(reader: Reader, taskId: TaskId, rows: readonly Row[]): Promise<Row[]> {
  const last = rows.at(-1)![1] as bigint
  const bound = { cell: last, inclusive: true }
  return [
    ...rows.filter(([, sequence]) => sequence !== last),
    ...(await reader.range(OUTBOX, { prefix: [taskId], from: bound, to: bound })),
  ]
}

function toBatches(taskId: TaskId, rows: readonly Row[]): RelayBatch[] {
  const groups = groupBy(rows, ([, sequence]) => sequence as bigint)
  return [...groups].map(([sequence, parts]) => ({
    taskId,
    sequence,
    rows: parts.map(([, , part]) => ({ sequence, part: part as number })),
    positions: toPositions(parts[0]![3]),
    records: parts.flatMap(([, , , , records]) => decodeOutbox(records as Uint8Array)),
  }))
}

function toPositions(cell: unknown): SourcePosition[] {
  return (cell as [string, number, string][]).map(([topic, partition, nextOffset]) => ({
    topic,
    partition,
    nextOffset: BigInt(nextOffset),
  }))
}
