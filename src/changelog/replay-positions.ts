import type { SourcePosition } from '../commit/commit-unit.ts'
import { RelayProgressLostError } from '../errors/ownership-errors.ts'
import type { GroupOffset } from '../kafka/topics-and-offsets.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'

/** Where a task resumes, and what it is to write back of partitions that it does not read any more. */
export interface ReplayPositions {
  readonly read: readonly SourcePosition[]
  readonly unread: readonly SourcePosition[]
}

/**
 * Where a task resumes whose last batch is not stored: at the positions of the last transaction that Kafka has committed. Those of
 * the database may be ahead of it.
 *
 * @param stored What the database says: the partitions that were read, and the identities of their topics.
 * @param partitions What the task reads now: other members, or a version before, may have read more.
 * @param committed Offsets of the group, of all of them.
 * @throws RelayProgressLostError `RELAY_PROGRESS_LOST` when Kafka does not have the position of a partition that goes on.
 */
export function replayPositions(
  taskId: TaskId,
  stored: readonly SourcePosition[],
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, GroupOffset>,
): ReplayPositions {
  const names = new Set(partitions.map(formatTopicPartition))
  const isRead = (position: SourcePosition) => names.has(formatTopicPartition(position))
  const rewound = (position: SourcePosition) => {
    const offset = committed.get(formatTopicPartition(position))?.offset
    return offset === undefined ? [] : [{ ...position, nextOffset: offset }]
  }
  const read = stored.filter(isRead)
  const lost = read.find((position) => rewound(position).length === 0)
  if (lost) throw new RelayProgressLostError(taskId, `does not name ${formatTopicPartition(lost)}`)
  return {
    read: read.flatMap(rewound),
    // Of a topic that is gone Kafka knows nothing, and nothing is to be made of it.
    unread: stored.filter((position) => !isRead(position)).flatMap(rewound),
  }
}
