import { describe, expect, test } from '@jest/globals'
import type { TaskId } from '../../../src/model/task-id.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
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
const assignorOf = (owned: readonly TaskId[] = []) =>
  taskAssignor({ partitionsOf, owned: () => owned })
const member = (memberId: string, userData: Uint8Array) => ({ memberId, userData })

describe('the task assignor', () => {
  test('keeps the partitions of a task together', () => {
    const assigned = assignorOf().assign([
      member('a', assignorOf().userData()),
      member('b', assignorOf().userData()),
    ])
    for (const partitions of assigned.values())
      expect(new Set(partitions.map(({ partition }) => partition)).size).toBe(1)
    expect([...assigned.values()].flat()).toHaveLength(4)
  })

  test('leaves a task where its member says that it is', () => {
    const assigned = assignorOf().assign([
      member('a', assignorOf(['0_1']).userData()),
      member('b', assignorOf(['0_0']).userData()),
    ])
    expect(assigned.get('a')![0]!.partition).toBe(1)
  })

  test('asks what is owned anew at each join', () => {
    let owned: TaskId[] = []
    const assignor = taskAssignor({ partitionsOf, owned: () => owned })
    owned = ['0_1']
    expect(Buffer.from(assignor.userData()).toString()).toBe('["0_1"]')
  })

  test.each(['', 'not json'])('a member whose data is %j owns nothing', (text) => {
    const assigned = assignorOf().assign([member('a', Buffer.from(text))])
    expect(assigned.get('a')).toHaveLength(4)
  })

  test.each(['null', '{}', '5', '[5]', '["x", "y"]'])(
    'a member whose data is %s owns nothing',
    (text) => {
      const assigned = assignorOf().assign([member('a', Buffer.from(text))])
      expect(assigned.get('a')).toHaveLength(4)
    },
  )
})
