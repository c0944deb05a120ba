import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareTaskIds, taskId, type TaskId } from '../../../src/model/task-id.ts'
import { assignTasks, type TaskMember } from '../../../src/rebalance/assign-tasks.ts'

/** Tasks of a few sub-topologies, and members that each own some of them, no two the same. */
const group = fc
  .record({
    partitions: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
    memberCount: fc.integer({ min: 1, max: 6 }),
    seed: fc.array(fc.nat(6), { minLength: 36, maxLength: 36 }),
  })
  .map(({ partitions, memberCount, seed }) => {
    const taskIds = partitions.flatMap((count, subtopology) =>
      Array.from({ length: count }, (_, partition) => taskId(subtopology, partition)),
    )
    const members = Array.from({ length: memberCount }, (_, i): TaskMember => ({
      memberId: `member-${i}`,
      // What falls to nobody here was owned by a member that has left.
      owned: taskIds.filter((_, at) => seed[at % seed.length] === i),
    }))
    return { taskIds, members }
  })

const countsOf = (assigned: ReadonlyMap<string, readonly TaskId[]>) =>
  [...assigned.values()].map(({ length }) => length)
const toMembers = (assigned: ReadonlyMap<string, readonly TaskId[]>): TaskMember[] =>
  [...assigned].map(([memberId, owned]) => ({ memberId, owned }))
const sorted = (assigned: ReadonlyMap<string, readonly TaskId[]>) =>
  new Map([...assigned].map(([memberId, tasks]) => [memberId, tasks.toSorted(compareTaskIds)]))

/** The most tasks that an even assignment can leave where they are. */
function keepable({ taskIds, members }: { taskIds: readonly TaskId[]; members: TaskMember[] }) {
  const share = Math.floor(taskIds.length / members.length)
  const larger = taskIds.length % members.length
  return members
    .map(({ owned }) => owned.length)
    .toSorted((a, b) => b - a)
    .reduce((sum, owned, i) => sum + Math.min(owned, i < larger ? share + 1 : share), 0)
}

function kept(members: readonly TaskMember[], assigned: ReadonlyMap<string, readonly TaskId[]>) {
  return members
    .map(({ memberId, owned }) => owned.filter((task) => assigned.get(memberId)!.includes(task)))
    .reduce((sum, tasks) => sum + tasks.length, 0)
}

describe('an assignment', () => {
  test('gives every task to exactly one member', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        const all = [...assignTasks(members, taskIds).values()].flat()
        expect(all.toSorted(compareTaskIds)).toEqual(taskIds.toSorted(compareTaskIds))
      }),
    )
  })

  test('gives no member two tasks more than another', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        const counts = countsOf(assignTasks(members, taskIds))
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('moves no more than evenness needs', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        const assigned = assignTasks(members, taskIds)
        expect(kept(members, assigned)).toBe(keepable({ taskIds, members }))
      }),
    )
  })

  test('does not depend on the order of members, tasks or what they own', () => {
    const shuffled = group.chain((one) =>
      fc.record({
        one: fc.constant(one),
        members: fc.shuffledSubarray(one.members, { minLength: one.members.length }),
        taskIds: fc.shuffledSubarray(one.taskIds, { minLength: one.taskIds.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ one, members, taskIds }) => {
        const turned = members.map((member) => ({ ...member, owned: member.owned.toReversed() }))
        expect(sorted(assignTasks(turned, taskIds))).toEqual(
          sorted(assignTasks(one.members, one.taskIds)),
        )
      }),
    )
  })

  test('moves nothing while the members stay the same', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        const first = assignTasks(members, taskIds)
        expect(sorted(assignTasks(toMembers(first), taskIds))).toEqual(sorted(first))
      }),
    )
  })

  test('gives a member that joins its share, and nothing else moves', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        const before = assignTasks(members, taskIds)
        const joined = [...toMembers(before), { memberId: 'new', owned: [] }]
        const after = assignTasks(joined, taskIds)
        expect(kept(toMembers(before), after)).toBe(taskIds.length - after.get('new')!.length)
      }),
    )
  })

  test('spreads the tasks of a member that leaves, and nothing else moves', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        const before = toMembers(
          assignTasks([...members, { memberId: 'leaving', owned: [] }], taskIds),
        )
        const staying = before.filter(({ memberId }) => memberId !== 'leaving')
        const owned = staying.reduce((sum, member) => sum + member.owned.length, 0)
        expect(kept(staying, assignTasks(staying, taskIds))).toBe(owned)
      }),
    )
  })

  test('ignores tasks that a member owns and the application does not have any more', () => {
    const assigned = assignTasks([{ memberId: 'a', owned: ['9_9', '0_0'] }], ['0_0', '0_1'])
    expect(assigned.get('a')!.toSorted(compareTaskIds)).toEqual(['0_0', '0_1'])
  })

  test('gives a task that two members claim to own to one of them', () => {
    const both = ['a', 'b'].map((memberId): TaskMember => ({ memberId, owned: ['0_0', '0_1'] }))
    expect(countsOf(assignTasks(both, ['0_0', '0_1']))).toEqual([1, 1])
  })

  test('spreads each sub-topology over new members', () => {
    const taskIds = [0, 1].flatMap((sub) => [0, 1, 2, 3].map((partition) => taskId(sub, partition)))
    const members = ['a', 'b'].map((memberId): TaskMember => ({ memberId, owned: [] }))
    for (const tasks of assignTasks(members, taskIds).values())
      expect(tasks.filter((task) => task.startsWith('0_'))).toHaveLength(2)
  })

  test('takes from each sub-topology when a member joins', () => {
    const taskIds = [0, 1].flatMap((sub) => [0, 1, 2, 3].map((partition) => taskId(sub, partition)))
    const members: TaskMember[] = [
      { memberId: 'old', owned: taskIds },
      { memberId: 'new', owned: [] },
    ]
    const moved = assignTasks(members, taskIds).get('new')!
    expect(moved.filter((task) => task.startsWith('0_'))).toHaveLength(2)
  })
})
