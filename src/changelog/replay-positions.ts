import type { SourcePosition } from '../commit/commit-unit.ts'
import { RelayProgressLostError } from '../errors/ownership-errors.ts'
import type { GroupOffset } from '../kafka/topics-and-offsets.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'

/**
 * Where a task resumes whose last batch is not stored: at the positions of the last transaction that Kafka has committed. Those of
 * the database may be ahead of it.
 *
 * @param stored What the database says: the partitions that were read, and the identities of their topics.
 * @param partitions What the task reads now; of other partitions nothing is answered.
 * @throws RelayProgressLostError `RELAY_PROGRESS_LOST` when Kafka does not have the position of a partition that was read.
 */
export function replayPositions(
  taskId: TaskId,
  stored: readonly SourcePosition[],
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, GroupOffset>,
): SourcePosition[] {
  const names = new Set(partitions.map(formatTopicPartition))
  const read = stored.filter((position) => names.has(formatTopicPartition(position)))
  return read.map((position) => {
    const name = formatTopicPartition(position)
    const offset = committed.get(name)?.offset
    if (offset === undefined) throw new RelayProgressLostError(taskId, `does not name ${name}`)
    return { ...position, nextOffset: offset }
  })
}
