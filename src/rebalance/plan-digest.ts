import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'
import { digest } from './digest.ts'
import type { TopologyFingerprint } from './topology-fingerprint.ts'

/**
 * What the tasks of a group are shared out by, to be compared: a static member that comes back gets what it had, and nobody has looked
 * at whether it still is the same application, with the same partitions.
 */
export function planDigest(
  partitionsOf: ReadonlyMap<TaskId, readonly TopicPartition[]>,
  topology: TopologyFingerprint,
): string {
  const tasks = [...partitionsOf].map(([taskId, partitions]) =>
    [taskId, ...partitions.map(formatTopicPartition).toSorted()].join(' '),
  )
  return digest([...tasks, JSON.stringify(topology)])
}
