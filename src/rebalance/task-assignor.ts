import type { GroupAssignor, GroupMember } from '../kafka/group-assignor.ts'
import type { TaskId } from '../model/task-id.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { assignTasks, type TaskMember } from './assign-tasks.ts'

/** What the assignor needs to know of the application. */
export interface TaskAssignorOptions {
  /** All tasks and the source partitions of each. */
  readonly partitionsOf: ReadonlyMap<TaskId, readonly TopicPartition[]>
  /** Tasks of this member, asked at each join. */
  readonly owned: () => readonly TaskId[]
}

/**
 * Assigns whole tasks, so that partitions that are processed together are read together. Members tell the leader what they
 * own as a JSON list of task ids.
 */
export function taskAssignor({ partitionsOf, owned }: TaskAssignorOptions): GroupAssignor {
  return {
    name: 'rowstream-sticky',
    userData: () => Buffer.from(JSON.stringify(owned())),
    assign: (members) => {
      const assigned = assignTasks(members.map(toTaskMember), [...partitionsOf.keys()])
      return new Map(
        [...assigned].map(([memberId, tasks]) => [
          memberId,
          tasks.flatMap((task) => [...partitionsOf.get(task)!]),
        ]),
      )
    },
  }
}

/** A member whose data cannot be read owns nothing: it may be of another version. */
function toTaskMember({ memberId, userData }: GroupMember): TaskMember {
  return { memberId, owned: parseOwned(userData).filter(isTaskId) }
}

function parseOwned(userData: Uint8Array): readonly unknown[] {
  try {
    const owned: unknown = JSON.parse(Buffer.from(userData).toString())
    return Array.isArray(owned) ? owned : []
  } catch {
    return []
  }
}

function isTaskId(value: unknown): value is TaskId {
  return typeof value === 'string' && /^\d+_\d+$/.test(value)
}
