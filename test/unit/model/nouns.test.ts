import { expect, test } from '@jest/globals'
import { lastHeader, NO_HEADERS } from '../../../src/model/headers.ts'
import { formatPosition } from '../../../src/model/record.ts'
import { compareTaskIds, parseTaskId, taskId } from '../../../src/model/task-id.ts'
import { compareTopicPartitions, formatTopicPartition } from '../../../src/model/topic-partition.ts'

test('the last header of a name is found, null values included', () => {
  const first = Uint8Array.of(1)
  expect(
    lastHeader(
      [
        ['a', first],
        ['a', null],
      ],
      'a',
    ),
  ).toBeNull()
  expect(
    lastHeader(
      [
        ['a', null],
        ['a', first],
        ['b', null],
      ],
      'a',
    ),
  ).toBe(first)
  expect(lastHeader(NO_HEADERS, 'a')).toBeUndefined()
})

test('a position is topic-partition@offset', () => {
  expect(formatPosition({ topic: 'lines', partition: 3, offset: 2n ** 60n })).toBe(
    'lines-3@1152921504606846976',
  )
})

test('a task id is made of its parts and parsed into them', () => {
  expect(parseTaskId(taskId(1, 23))).toEqual({ subtopology: 1, partition: 23 })
})

test.each(['', '1', '1_', '_1', 'a_1', '1_2_3', '-1_2'])("'%s' is no task id", (text) => {
  expect(() => parseTaskId(text)).toThrow(TypeError)
})

test('task ids are ordered by number, not by text', () => {
  expect((['1_0', '0_10', '0_9'] as const).toSorted(compareTaskIds)).toEqual(['0_9', '0_10', '1_0'])
})

test('partitions are ordered by topic, then by number', () => {
  const partitions = [
    { topic: 'b', partition: 0 },
    { topic: 'a', partition: 10 },
    { topic: 'a', partition: 9 },
  ]
  expect(partitions.toSorted(compareTopicPartitions).map(formatTopicPartition)).toEqual([
    'a-9',
    'a-10',
    'b-0',
  ])
})
