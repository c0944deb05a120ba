import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareTaskIds, taskId, type TaskId } from '../../../src/model/task-id.ts'
import { assignTasks, type TaskMember } from '../../../src/rebalance/assign-tasks.ts'

/** Tasks of a few sub-topologies, and members that each own some of them, no two the same. */
const groupOf = (max: { readonly partitions: number; readonly members: number }) =>
  fc
    .record({
      partitions: fc.array(fc.integer({ min: 1, max: max.partitions }), {
        minLength: 1,
        maxLength: 3,
      }),
      memberCount: fc.integer({ min: 1, max: max.members }),
      seed: fc.array(fc.nat(6), { minLength: 36, maxLength: 36 }),
    })
    .map(toGroup)
const toGroup = ({
  partitions,
  memberCount,
  seed,
}: {
  readonly partitions: readonly number[]
  readonly memberCount: number
  readonly seed: readonly number[]
}) => {
  const taskIds = partitions.flatMap((count, subtopology) =>
    Array.from({ length: count }, (_, partition) => taskId(subtopology, partition)),
  )
  const members = Array.from({ length: memberCount }, (_, i): TaskMember => ({
    memberId: `member-${i}`,
    // What falls to nobody here was owned by a member that has left.
    owned: taskIds.filter((_, at) => seed[at % seed.length] === i),
  }))
  return { taskIds, members }
}
const group = groupOf({ partitions: 12, members: 6 })
/** Small enough to try every assignment: 3 to the power of 9. */
const smallGroup = groupOf({ partitions: 3, members: 3 })
/** Members that claim tasks of others too, and one that does not exist. */
const contested = fc
  .record({ one: group, claims: fc.array(fc.tuple(fc.nat(5), fc.nat(35)), { maxLength: 8 }) })
  .map(({ one: { taskIds, members }, claims }) => {
    const claimed = (at: number) =>
      claims.filter(([by]) => by === at).map(([, task]) => taskIds[task % taskIds.length]!)
    return {
      taskIds,
      members: members.map(({ memberId, owned }, at): TaskMember => ({
        memberId,
        owned: [...owned, ...claimed(at), '9_9'],
      })),
    }
  })

const countsOf = (assigned: ReadonlyMap<string, readonly TaskId[]>) =>
  [...assigned.values()].map(({ length }) => length)
const toMembers = (assigned: ReadonlyMap<string, readonly TaskId[]>): TaskMember[] =>
  [...assigned].map(([memberId, owned]) => ({ memberId, owned }))
const sorted = (assigned: ReadonlyMap<string, readonly TaskId[]>) =>
  new Map([...assigned].map(([memberId, tasks]) => [memberId, tasks.toSorted(compareTaskIds)]))

/** Every way to give each task to a member. */
function* everyAssignment(memberIds: readonly string[], taskIds: readonly TaskId[]) {
  for (let number = 0; number < memberIds.length ** taskIds.length; number++) {
    const assigned = new Map(memberIds.map((memberId): [string, TaskId[]] => [memberId, []]))
    for (const [at, task] of taskIds.entries())
      assigned
        .get(memberIds[Math.floor(number / memberIds.length ** at) % memberIds.length]!)!
        .push(task)
    yield assigned
  }
}

const isEven = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts) <= 1

/** How many tasks of each member are of a sub-topology. */
const countsIn = (subtopology: number, assigned: ReadonlyMap<string, readonly TaskId[]>) =>
  [...assigned.values()].map(
    (tasks) => tasks.filter((task) => task.startsWith(`${subtopology}_`)).length,
  )

const isBalanced = (assigned: ReadonlyMap<string, readonly TaskId[]>) =>
  isEven(countsOf(assigned)) &&
  [0, 1, 2].every((subtopology) => isEven(countsIn(subtopology, assigned)))

/** The most tasks that a balanced assignment can leave where they are: all of them are tried. */
function keepable(members: readonly TaskMember[], taskIds: readonly TaskId[]): number {
  const ids = members.map(({ memberId }) => memberId)
  const balanced = [...everyAssignment(ids, taskIds)].filter(isBalanced)
  return Math.max(...balanced.map((assigned) => kept(members, assigned)))
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

  test('gives no member two tasks more than another, over all and in each sub-topology', () => {
    fc.assert(
      fc.property(group, ({ taskIds, members }) => {
        expect(isBalanced(assignTasks(members, taskIds))).toBe(true)
      }),
    )
  })

  test('moves no more than balance needs, whatever was before', () => {
    fc.assert(
      fc.property(smallGroup, ({ taskIds, members }) => {
        const assigned = assignTasks(members, taskIds)
        expect(kept(members, assigned)).toBe(keepable(members, taskIds))
      }),
      { numRuns: 50 },
    )
  })

  test('is complete and balanced whoever claims what, and whatever is no task any more', () => {
    fc.assert(
      fc.property(contested, ({ taskIds, members }) => {
        const assigned = assignTasks(members, taskIds)
        const all = [...assigned.values()].flat()
        expect(all.toSorted(compareTaskIds)).toEqual(taskIds.toSorted(compareTaskIds))
        expect(isBalanced(assigned)).toBe(true)
      }),
    )
  })

  test('does not depend on the order of members, tasks or what they own', () => {
    const shuffled = contested.chain((one) =>
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

  test('moves the least that a join can, and a leave', () => {
    fc.assert(
      fc.property(smallGroup, ({ taskIds, members }) => {
        const before = toMembers(assignTasks(members, taskIds))
        const joined = [...before, { memberId: 'new', owned: [] }]
        const after = toMembers(assignTasks(joined, taskIds))
        for (const changed of [joined.slice(-3), after.slice(1)]) {
          if (changed.length === 0) continue
          const assigned = assignTasks(changed, taskIds)
          expect(kept(changed, assigned)).toBe(keepable(changed, taskIds))
        }
      }),
      { numRuns: 50 },
    )
  })

  test.each([1, 2, 3, 8])(
    'of one sub-topology: who joins %i others gets its share and nothing else moves; who leaves moves nothing else either',
    (count) => {
      const taskIds = Array.from({ length: 24 }, (_, partition) => taskId(0, partition))
      const none = Array.from({ length: count }, (_, i): TaskMember => ({
        memberId: `member-${i}`,
        owned: [],
      }))
      const before = toMembers(assignTasks(none, taskIds))
      const after = assignTasks([...before, { memberId: 'new', owned: [] }], taskIds)
      expect(kept(before, after)).toBe(taskIds.length - after.get('new')!.length)
      const left = toMembers(after).slice(1)
      expect(kept(left, assignTasks(left, taskIds))).toBe(
        left.reduce((sum, { owned }) => sum + owned.length, 0),
      )
    },
  )

  test('of a large application takes no time to speak of', () => {
    const taskIds = Array.from({ length: 20 }, (_, sub) =>
      Array.from({ length: 130 }, (_, partition) => taskId(sub, partition)),
    ).flat()
    const members = Array.from({ length: 50 }, (_, i): TaskMember => ({
      memberId: `member-${i}`,
      owned: taskIds.filter((_, at) => at % 49 === i),
    }))
    expect(isBalanced(assignTasks(members, taskIds))).toBe(true)
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
