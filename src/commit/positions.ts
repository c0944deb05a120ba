import type { Reader } from '../database/transaction.ts'
import type { TaskId } from '../model/task-id.ts'
import type { SourcePosition } from './commit-unit.ts'
import { OFFSETS } from './system-tables.ts'

/** Where a task resumes: the only place this is read from. Empty before its first commit. */
export async function readPositions(reader: Reader, taskId: TaskId): Promise<SourcePosition[]> {
  const rows = await reader.range(OFFSETS, { prefix: [taskId] })
  return rows.map(([, topic, partition, nextOffset, topicId]) => ({
    topic: topic as string,
    partition: partition as number,
    nextOffset: nextOffset as bigint,
    topicId: (topicId as string | null) ?? undefined,
  }))
}
