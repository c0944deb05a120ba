import { describe, expect, test } from '@jest/globals'
import { replayPositions } from '../../../src/changelog/replay-positions.ts'
import type { GroupOffset } from '../../../src/kafka/topics-and-offsets.ts'
import { position } from '../../support/memory-state.ts'

const IN = { topic: 'in', partition: 0 }
const offsets = (entries: Readonly<Record<string, bigint>>): Map<string, GroupOffset> =>
  new Map(Object.entries(entries).map(([name, offset]) => [name, { offset, metadata: '' }]))

describe('where a batch is made again from', () => {
  test('is what Kafka says, with what the database knows of the topic', () => {
    const stored = [{ ...position(0, 9n), topicId: 'id' }]
    expect(replayPositions('0_0', stored, [IN], offsets({ 'in-0': 5n })).read).toEqual([
      { ...position(0, 5n), topicId: 'id' },
    ])
  })

  test('is told apart for topics that are not read now', () => {
    const stored = [position(0, 9n), position(0, 7n, 'more')]
    expect(replayPositions('0_0', stored, [IN], offsets({ 'in-0': 5n, 'more-0': 6n }))).toEqual({
      read: [position(0, 5n)],
      unread: [position(0, 6n, 'more')],
    })
  })

  test('is nothing for a topic that is gone', () => {
    const stored = [position(0, 9n), position(0, 7n, 'gone')]
    expect(replayPositions('0_0', stored, [IN], offsets({ 'in-0': 5n })).unread).toEqual([])
  })

  test('is nothing yet for a topic that is new', () => {
    const partitions = [IN, { topic: 'new', partition: 0 }]
    const stored = [position(0, 9n)]
    expect(replayPositions('0_0', stored, partitions, offsets({ 'in-0': 5n })).read).toEqual([
      position(0, 5n),
    ])
  })

  test('cannot be told when Kafka has forgotten a partition that was read', () => {
    expect(() => replayPositions('0_0', [position(0, 9n)], [IN], offsets({}))).toThrow(
      expect.objectContaining({ code: 'RELAY_PROGRESS_LOST', taskId: '0_0' }),
    )
  })
})
