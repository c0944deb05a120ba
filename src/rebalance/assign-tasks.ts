import { groupBy } from '../model/group-by.ts'
import { compareTaskIds, parseTaskId, type TaskId } from '../model/task-id.ts'
import { shareQuotas } from './share-quotas.ts'

/** A member and the tasks it has now. */
export interface TaskMember {
  readonly memberId: string
  readonly owned: readonly TaskId[]
}

/**
 * Spreads tasks over members: no two differ by more than one task, over all and in each sub-topology; and every task stays
 * where it is unless that forbids it. State is in the database, so moving a task is cheap; staying saves caches.
 * A function of its arguments alone, whatever their order: any member may compute it.
 */
export function assignTasks(
  members: readonly TaskMember[],
  taskIds: readonly TaskId[],
): Map<string, TaskId[]> {
  const order = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const subtopologies = [...bySubtopology(taskIds).values()]
  const owned = ownedOf(order, subtopologies)
  const quotas = shareQuotas(
    subtopologies.map(({ length }) => length),
    owned.map((ofMember) => ofMember.map(({ length }) => length)),
  )
  const assigned = owned.map((ofMember, member) =>
    ofMember.map((tasks, at) => tasks.slice(0, quotas[member]![at])),
  )
  for (const [at, tasks] of subtopologies.entries())
    fillUp(
      tasks,
      assigned.map((ofMember) => ofMember[at]!),
      quotas.map((ofMember) => ofMember[at]!),
    )
  return new Map(order.map(({ memberId }, member) => [memberId, assigned[member]!.flat()]))
}

function bySubtopology(taskIds: readonly TaskId[]): Map<number, TaskId[]> {
  return groupBy(
    [...new Set(taskIds)].toSorted(compareTaskIds),
    (task) => parseTaskId(task).subtopology,
  )
}

/** What each member owns of each sub-topology. Of several that claim a task the first has it: the claim in the database decides who is right. */
function ownedOf(
  members: readonly TaskMember[],
  subtopologies: readonly (readonly TaskId[])[],
): TaskId[][][] {
  const owners = new Map<TaskId, string>()
  for (const { memberId, owned } of members.toReversed())
    for (const task of owned) owners.set(task, memberId)
  return members.map(({ memberId }) =>
    subtopologies.map((tasks) => tasks.filter((task) => owners.get(task) === memberId)),
  )
}

/** Gives what nobody has kept to the members that lack most. */
function fillUp(
  tasks: readonly TaskId[],
  assigned: readonly TaskId[][],
  quotas: readonly number[],
): void {
  const kept = new Set(assigned.flat())
  const lackOf = (member: number) => quotas[member]! - assigned[member]!.length
  for (const task of tasks) {
    if (kept.has(task)) continue
    const most = quotas.reduce((best, _, next) => (lackOf(next) > lackOf(best) ? next : best), 0)
    assigned[most]!.push(task)
  }
}
