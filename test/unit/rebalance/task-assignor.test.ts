import { describe, expect, test } from '@jest/globals'
import type { GroupAssignor } from '../../../src/kafka/group-assignor.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { decodeMetadata } from '../../../src/rebalance/member-metadata.ts'
import { readWord } from '../../../src/rebalance/leader-word.ts'
import { taskAssignor } from '../../../src/rebalance/task-assignor.ts'

const partitionsOf = new Map<TaskId, TopicPartition[]>(
  [0, 1].map((partition) => [
    `0_${partition}`,
    [
      { topic: 'left', partition },
      { topic: 'right', partition },
    ],
  ]),
)
const topologyOf = (stores: string) => ({ 0: { sources: 'a1', stores } })
const TOPOLOGY = topologyOf('b2')
const SELF = {
  ...{ partitionsOf, instance: 'self', topology: TOPOLOGY, database: 'shared' },
  ...{ mustStop: () => false, isUnsure: () => false },
}
const assignorOf = (owned: readonly TaskId[] = [], topology = TOPOLOGY) =>
  taskAssignor({ ...SELF, owned: () => owned, topology })
const member = (memberId: string, userData: Uint8Array) => ({ memberId, userData })

describe('the task assignor', () => {
  test('keeps the partitions of a task together', () => {
    const assigned = assignorOf().assign([
      member('a', assignorOf().userData()),
      member('b', assignorOf().userData()),
    ])
    for (const { partitions } of assigned.values())
      expect(new Set(partitions.map(({ partition }) => partition)).size).toBe(1)
    expect([...assigned.values()].flatMap(({ partitions }) => partitions)).toHaveLength(4)
  })

  test('leaves a task where its member says that it is', () => {
    const assigned = assignorOf().assign([
      member('a', assignorOf(['0_1']).userData()),
      member('b', assignorOf(['0_0']).userData()),
    ])
    expect(assigned.get('a')!.partitions[0]!.partition).toBe(1)
  })

  test('asks what is owned anew at each join', () => {
    let owned: TaskId[] = []
    const assignor = taskAssignor({ ...SELF, owned: () => owned })
    owned = ['0_1']
    expect(decodeMetadata(assignor.userData())).toEqual({
      owned: ['0_1'],
      topology: TOPOLOGY,
      instance: 'self',
      database: 'shared',
      stop: false,
    })
  })

  test('says the same again in other bytes where a member is unsure', () => {
    let isUnsure = false
    const options = { ...SELF, owned: () => [] }
    const assignor = taskAssignor({ ...options, isUnsure: () => isUnsure })
    const said = assignor.userData()
    isUnsure = true
    expect(assignor.userData()).not.toEqual(said)
    expect(decodeMetadata(assignor.userData())).toEqual(decodeMetadata(said))
  })

  test('says what the tasks were shared out by, which other partitions and stores change', () => {
    const planOf = (assignor: GroupAssignor) =>
      readWord(assignor.assign([member('a', assignor.userData())]).get('a')!.userData!).plan
    const more = new Map<TaskId, TopicPartition[]>([...partitionsOf, ['0_2', []]])
    const larger = taskAssignor({ ...SELF, partitionsOf: more, owned: () => [] })
    const plans = [assignorOf(), assignorOf(['0_1']), assignorOf([], topologyOf('c3')), larger]
    expect(new Set(plans.map(planOf)).size).toBe(3)
  })

  test.each(['', 'not json'])('a member whose data is %j owns nothing', (text) => {
    const assigned = assignorOf().assign([member('a', Buffer.from(text))])
    expect(assigned.get('a')!.partitions).toHaveLength(4)
  })

  test.each(['null', '{}', '5', '[5]', '["x", "y"]'])(
    'a member whose data is %s owns nothing',
    (text) => {
      const assigned = assignorOf().assign([member('a', Buffer.from(text))])
      expect(assigned.get('a')!.partitions).toHaveLength(4)
    },
  )

  test('leaves a task where a member of an earlier version says that it is', () => {
    const assigned = assignorOf().assign([
      member('a', Buffer.from('["0_1"]')),
      member('b', assignorOf(['0_0']).userData()),
    ])
    expect(assigned.get('a')!.partitions[0]!.partition).toBe(1)
  })

  describe('tells who is a member', () => {
    const named = (instance: string) =>
      taskAssignor({ ...SELF, instance, owned: () => [] }).userData()

    test('to all', () => {
      const assigned = assignorOf().assign([member('a', named('x')), member('b', named('y'))])
      for (const { userData } of assigned.values())
        expect(readWord(userData!).instances).toEqual(['x', 'y'])
    })

    test('to none where one did not say its name', () => {
      const assigned = assignorOf().assign([
        member('a', named('x')),
        member('b', Buffer.from('[]')),
      ])
      for (const { userData } of assigned.values())
        expect(readWord(userData!).instances).toBeUndefined()
    })
  })

  test('stops all members when one asks for it', () => {
    const asking = taskAssignor({ ...SELF, owned: () => [], mustStop: () => true })
    const assigned = assignorOf().assign([
      member('a', assignorOf(['0_1']).userData()),
      member('b', asking.userData()),
    ])
    for (const { partitions, userData } of assigned.values())
      expect([partitions, readWord(userData!)]).toEqual([[], { stop: true }])
  })

  describe('among members of another topology', () => {
    const other = topologyOf('c3')
    const established = member('b', assignorOf(['0_0', '0_1']).userData())
    const newcomer = member('a', assignorOf([], other).userData())
    const earlier = member('c', Buffer.from('[]'))

    test.each([
      ['an established member', assignorOf()],
      ['the newcomer', assignorOf([], other)],
    ])('led by %s refuses the newcomer, and the others keep what they have', (_, leader) => {
      const assigned = leader.assign([newcomer, established])
      expect(assigned.get('b')!.partitions).toHaveLength(4)
      expect(readWord(assigned.get('b')!.userData!).refused).toBeUndefined()
      expect(assigned.get('a')!.partitions).toEqual([])
      expect(readWord(assigned.get('a')!.userData!).refused).toBe('sub-topology 0 has other stores')
    })

    test('refuses none that does not say what it runs', () => {
      const assigned = assignorOf().assign([established, earlier])
      expect([...assigned.values()].map(({ partitions }) => partitions.length)).toEqual([2, 2])
    })

    test('serves who is left when the others have gone', () => {
      const assigned = assignorOf([], other).assign([newcomer])
      expect(assigned.get('a')!.partitions).toHaveLength(4)
    })

    test('is told of that only where the database is the same', () => {
      const elsewhere = taskAssignor({ ...SELF, database: 'own', topology: other, owned: () => [] })
      const assigned = assignorOf().assign([established, member('a', elsewhere.userData())])
      expect(readWord(assigned.get('a')!.userData!)).toEqual({ elsewhere: true })
    })

    test('agrees on who is refused where nobody owns anything', () => {
      const both = [newcomer, member('b', assignorOf().userData())]
      const refused = [both, both.toReversed()].map((members) =>
        [...assignorOf().assign(members)]
          .filter(([, { userData }]) => readWord(userData!).refused)
          .map(([memberId]) => memberId),
      )
      expect(refused).toEqual([['b'], ['b']])
    })
  })
})

describe('among members whose state is in another database, the task assignor', () => {
  const inDatabase = (database: string | undefined, owned: readonly TaskId[] = []) =>
    taskAssignor({ ...SELF, database, owned: () => owned })
  const established = member('b', inDatabase('shared', ['0_0', '0_1']).userData())

  test.each([
    ['an established member', inDatabase('shared')],
    ['the newcomer', inDatabase('own')],
  ])('led by %s refuses the newcomer, and the others keep what they have', (_, leader) => {
    const newcomer = member('a', inDatabase('own').userData())
    const assigned = leader.assign([newcomer, established])
    expect(assigned.get('a')!.partitions).toEqual([])
    expect(readWord(assigned.get('a')!.userData!)).toEqual({ elsewhere: true })
    expect(assigned.get('b')!.partitions).toHaveLength(4)
    expect(readWord(assigned.get('b')!.userData!).elsewhere).toBeUndefined()
  })

  test('serves who does not say where its state is', () => {
    const silent = member('a', inDatabase(undefined).userData())
    const assigned = assignorOf().assign([silent, established])
    expect([...assigned.values()].map(({ partitions }) => partitions.length)).toEqual([2, 2])
  })
})

test.each(['', '{}', 'null', '[1]', '{"refused": 5}', '{"elsewhere": 1}', '{"instances": [5]}'])(
  '%j says nothing',
  (text) => {
    expect(readWord(Buffer.from(text))).toEqual({})
  },
)
