import type { GroupAssignor, GroupMember, MemberAssignment } from '../kafka/group-assignor.ts'
import type { TaskId } from '../model/task-id.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { assignTasks, type TaskMember } from './assign-tasks.ts'
import { decodeMetadata, encodeMetadata, type MemberMetadata } from './member-metadata.ts'
import { encodeWord, type LeaderWord } from './leader-word.ts'
import { planDigest } from './plan-digest.ts'
import { differenceOf, type TopologyFingerprint } from './topology-fingerprint.ts'

/** What the assignor needs to know of the application. */
export interface TaskAssignorOptions {
  /** All tasks and the source partitions of each. */
  readonly partitionsOf: ReadonlyMap<TaskId, readonly TopicPartition[]>
  /** Tasks of this member, asked at each join. */
  readonly owned: () => readonly TaskId[]
  readonly topology: TopologyFingerprint
  /** Name of this member in the claim rows. */
  readonly instance: string
  /** Whether this member asks that all stop. */
  readonly mustStop: () => boolean
  /** Whether this member wants to be looked at again, whatever it says. */
  readonly isUnsure: () => boolean
}

type Member = TaskMember & MemberMetadata

/**
 * Assigns whole tasks, so that partitions that are processed together are read together. Members tell the leader what they
 * own, and a fingerprint of their topology: one that differs from those that own tasks gets none and is told why, and the
 * others are assigned as if it had not come.
 */
export function taskAssignor({
  partitionsOf,
  owned,
  topology,
  instance,
  mustStop,
  isUnsure,
}: TaskAssignorOptions): GroupAssignor {
  const plan = planDigest(partitionsOf, topology)
  return {
    name: 'rowstream-sticky',
    userData: () =>
      encodeMetadata({ owned: owned(), topology, instance, stop: mustStop() }, isUnsure()),
    assign: (groupMembers) => {
      const members = groupMembers.map(toMember)
      if (members.some(({ stop }) => stop)) return stopping(members)
      const refused = findRefused(members, (task) => partitionsOf.has(task))
      const served = members.filter(({ memberId }) => !refused.has(memberId))
      const assigned = [...assignTasks(served, [...partitionsOf.keys()])]
      const userData = encodeWord({ plan, ...instancesOf(members) })
      const assignments = assigned.map(([memberId, tasks]): [string, MemberAssignment] => [
        memberId,
        { partitions: tasks.flatMap((task) => partitionsOf.get(task)!), userData },
      ])
      return new Map([...assignments, ...refused])
    },
  }
}

function toMember({ memberId, userData }: GroupMember): Member {
  return { memberId, ...decodeMetadata(userData) }
}

/** Nothing where a member did not say who it is: it may be any of those in the claim rows. */
function instancesOf(members: readonly Member[]): LeaderWord {
  const instances = members.flatMap(({ instance }) => instance ?? [])
  return instances.length === members.length ? { instances } : {}
}

/** Nobody gets a task any more: as with Kafka Streams, the assignment carries the word to all. */
function stopping(members: readonly Member[]): Map<string, MemberAssignment> {
  const word = { partitions: [], userData: encodeWord({ stop: true }) }
  return new Map(members.map(({ memberId }) => [memberId, word]))
}

function findRefused(
  members: readonly Member[],
  isTask: (task: TaskId) => boolean,
): Map<string, MemberAssignment> {
  const established = establishedOf(members, isTask)
  const refused = members.flatMap(({ memberId, topology }): [string, MemberAssignment][] => {
    const difference = established && topology && differenceOf(topology, established)
    return difference
      ? [[memberId, { partitions: [], userData: encodeWord({ refused: difference }) }]]
      : []
  })
  return new Map(refused)
}

/** The topology that whoever owns most tasks runs; of several the first by id: any leader finds the same. */
function establishedOf(
  members: readonly Member[],
  isTask: (task: TaskId) => boolean,
): TopologyFingerprint | undefined {
  const count = ({ owned }: Member) => owned.filter(isTask).length
  const order = members
    .filter(({ topology }) => topology !== undefined)
    .toSorted((a, b) => count(b) - count(a) || (a.memberId < b.memberId ? -1 : 1))
  return order[0]?.topology
}
