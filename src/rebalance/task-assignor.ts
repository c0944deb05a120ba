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
  /** Which database its state is in, where that is known. */
  readonly database: string | undefined
  /** Whether this member asks that all stop. */
  readonly mustStop: () => boolean
  /** Whether this member wants to be looked at again, whatever it says. */
  readonly isUnsure: () => boolean
}

type Member = TaskMember & MemberMetadata

/**
 * Assigns whole tasks, so that partitions that are processed together are read together. Members tell the leader what they
 * own, a fingerprint of their topology, and which database their state is in: one that differs from those that own tasks gets none and
 * is told why, and the others are assigned as if it had not come.
 */
export function taskAssignor({
  partitionsOf,
  owned,
  topology,
  instance,
  database,
  mustStop,
  isUnsure,
}: TaskAssignorOptions): GroupAssignor {
  const plan = planDigest(partitionsOf, topology)
  return {
    name: 'rowstream-sticky',
    userData: () =>
      encodeMetadata(
        { owned: owned(), topology, instance, database, stop: mustStop() },
        isUnsure(),
      ),
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
  const order = byTasks(members, isTask)
  const topology = order.find((member) => member.topology !== undefined)?.topology
  const database = order.find((member) => member.database !== undefined)?.database
  const refused = members.flatMap((member): [string, MemberAssignment][] => {
    const word = refusalOf(member, topology, database)
    return word ? [[member.memberId, { partitions: [], userData: encodeWord(word) }]] : []
  })
  return new Map(refused)
}

/** What a member is told that cannot work with the others; nothing where it can, or where nothing is known against it. */
function refusalOf(
  member: Member,
  topology: TopologyFingerprint | undefined,
  database: string | undefined,
): LeaderWord | undefined {
  if (member.database !== undefined && member.database !== database) return { elsewhere: true }
  const refused = topology && member.topology && differenceOf(member.topology, topology)
  return refused ? { refused } : undefined
}

/** Whoever owns most tasks first, of several the first by id: what these say stands, and any leader finds the same. */
function byTasks(members: readonly Member[], isTask: (task: TaskId) => boolean): Member[] {
  const count = ({ owned }: Member) => owned.filter(isTask).length
  return members.toSorted((a, b) => count(b) - count(a) || (a.memberId < b.memberId ? -1 : 1))
}
