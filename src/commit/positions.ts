import type { Row } from '../database/table.ts'
import type { Reader } from '../database/transaction.ts'
import type { TaskId } from '../model/task-id.ts'
import type { SourcePosition } from './commit-unit.ts'
import { OFFSETS } from './system-tables.ts'

/** Where a task resumes: the only place this is read from. Empty before its first commit. */
export async function readPositions(reader: Reader, taskId: TaskId): Promise<SourcePosition[]> {
  const rows = await reader.range(OFFSETS, { prefix: [taskId] })
  return rows.map(([, topic, partition, nextOffset, topicId, leaderEpoch]) => ({
    topic: topic as string,
    partition: partition as number,
    nextOffset: nextOffset as bigint,
    topicId: (topicId as string | null) ?? undefined,
    leaderEpoch: (leaderEpoch as number | null) ?? undefined,
  }))
}

/** A position as a row of the offsets' table. */
export function positionRow(taskId: TaskId, position: SourcePosition): Row {
  const { topic, partition, nextOffset, topicId, leaderEpoch } = position
  return [taskId, topic, partition, nextOffset, topicId ?? null, leaderEpoch ?? null]
}
