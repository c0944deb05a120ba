import { compareTaskIds, type TaskId } from '../model/task-id.ts'

/** A member and the tasks it has now. */
export interface TaskMember {
  readonly memberId: string
  readonly owned: readonly TaskId[]
}

/**
 * Spreads tasks over members: as even as the numbers allow, each sub-topology too as far as possible, and every task stays
 * where it is unless its member has too many. State is in the database, so moving a task is cheap; staying saves caches.
 * A function of its arguments alone: any member may compute it.
 */
export function assignTasks(
  members: readonly TaskMember[],
  taskIds: readonly TaskId[],
): Map<string, TaskId[]> {
  const order = members.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const assigned = new Map<string, TaskId[]>(order.map(({ memberId }) => [memberId, []]))
  const unassigned = new Set(taskIds.toSorted(compareTaskIds))
  const quotas = quotasOf(order, unassigned)
  for (const { memberId, owned } of order)
    keep(assigned.get(memberId)!, owned, quotas.get(memberId)!, unassigned)
  for (const task of unassigned) mostRoom(assigned, quotas).push(task)
  return assigned
}

/** Members that own most get the larger shares, so that as little as possible moves. */
function quotasOf(members: readonly TaskMember[], tasks: ReadonlySet<TaskId>): Map<string, number> {
  const share = Math.floor(tasks.size / members.length)
  const larger = tasks.size % members.length
  const ownedOf = ({ owned }: TaskMember) => owned.filter((task) => tasks.has(task)).length
  const byOwned = members.toSorted((a, b) => ownedOf(b) - ownedOf(a))
  return new Map(
    byOwned.map(({ memberId }, index) => [memberId, index < larger ? share + 1 : share]),
  )
}

function keep(
  assigned: TaskId[],
  owned: readonly TaskId[],
  quota: number,
  unassigned: Set<TaskId>,
): void {
  for (const task of interleaved(owned)) {
    if (assigned.length >= quota) return
    if (unassigned.delete(task)) assigned.push(task)
  }
}

/** One task of each sub-topology in turn: what is given up first is spread over the sub-topologies. */
function interleaved(owned: readonly TaskId[]): TaskId[] {
  const seen = new Map<string, number>()
  const ranked = owned.toSorted(compareTaskIds).map((task) => {
    const subtopology = task.slice(0, task.indexOf('_'))
    const rank = seen.get(subtopology) ?? 0
    seen.set(subtopology, rank + 1)
    return { task, rank }
  })
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ task }) => task)
}

function mostRoom(
  assigned: ReadonlyMap<string, TaskId[]>,
  quotas: ReadonlyMap<string, number>,
): TaskId[] {
  const room = ([memberId, tasks]: [string, TaskId[]]) => quotas.get(memberId)! - tasks.length
  return [...assigned].reduce((best, next) => (room(next) > room(best) ? next : best))[1]
}
