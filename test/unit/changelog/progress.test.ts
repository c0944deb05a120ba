import { describe, expect, test } from '@jest/globals'
import { progressOf, progressOffsets } from '../../../src/changelog/progress.ts'
import type { GroupOffset } from '../../../src/kafka/topics-and-offsets.ts'
import { position } from '../../support/memory-state.ts'

const PARTITIONS = [
  { topic: 'in', partition: 0 },
  { topic: 'other', partition: 0 },
]
const committed = (...metadata: (string | undefined)[]) =>
  new Map<string, GroupOffset>(
    metadata.flatMap((text, i) =>
      text === undefined
        ? []
        : [[`${PARTITIONS[i]!.topic}-0`, { offset: 5n, metadata: text }] as const],
    ),
  )
const rows = (...sequences: bigint[]) => sequences.map((sequence) => ({ sequence, part: 0 }))
const outbox = (sequence: bigint, ...waiting: bigint[]) => ({
  taskId: '0_0' as const,
  sequence,
  rows: rows(...waiting),
})
const LOST = expect.objectContaining({ code: 'RELAY_PROGRESS_LOST', taskId: '0_0' })

describe('the relay’s progress', () => {
  test('is the sequence in the metadata of the group’s offsets', () => {
    expect(progressOf(outbox(3n, 3n), PARTITIONS, committed('rowstream:2'))).toBe(2n)
  })

  test('is the highest of several partitions', () => {
    const found = committed('rowstream:2', 'rowstream:3')
    expect(progressOf(outbox(3n, 3n), PARTITIONS, found)).toBe(3n)
  })

  test('is found when only one of several partitions has it', () => {
    expect(progressOf(outbox(3n, 3n), PARTITIONS, committed(undefined, 'rowstream:2'))).toBe(2n)
  })

  test('that is missing while rows wait stops the task', () => {
    expect(() => progressOf(outbox(1n, 1n), PARTITIONS, committed())).toThrow(LOST)
  })

  test('that is missing while no row waits means that all is published', () => {
    expect(progressOf(outbox(7n), PARTITIONS, committed())).toBe(7n)
  })

  test('ahead of the database stops the task', () => {
    expect(() => progressOf(outbox(2n), PARTITIONS, committed('rowstream:3'))).toThrow(LOST)
  })

  test('below a gap in the outbox stops the task', () => {
    expect(() => progressOf(outbox(5n, 4n, 5n), PARTITIONS, committed('rowstream:2'))).toThrow(LOST)
  })

  test('right below the first row is no gap', () => {
    expect(progressOf(outbox(5n, 4n, 5n), PARTITIONS, committed('rowstream:3'))).toBe(3n)
  })

  test('above rows that wait to be deleted is no gap', () => {
    expect(progressOf(outbox(5n, 2n, 3n), PARTITIONS, committed('rowstream:5'))).toBe(5n)
  })

  test('below the database’s sequence with an empty outbox stops the task', () => {
    expect(() => progressOf(outbox(5n), PARTITIONS, committed('rowstream:3'))).toThrow(LOST)
  })

  test.each(['', 'AQAAAYw', 'somebody: 5'])('is not what others write: %j', (metadata) => {
    expect(() => progressOf(outbox(1n, 1n), PARTITIONS, committed(metadata))).toThrow(LOST)
  })

  test('ignores other partitions of the group', () => {
    const found = new Map([['in-1', { offset: 5n, metadata: 'rowstream:9' }]])
    expect(progressOf(outbox(7n), PARTITIONS, found)).toBe(7n)
  })

  test('that is written is read back, on every source partition', () => {
    const offsets = progressOffsets([position(0, 8n), position(0, 9n, 'other')], 41n)
    expect(offsets.map(({ topic, offset }) => [topic, offset])).toEqual([
      ['in', 8n],
      ['other', 9n],
    ])
    for (const { topic, offset, metadata } of offsets) {
      const found = new Map([[`${topic}-0`, { offset, metadata }]])
      expect(progressOf(outbox(41n), PARTITIONS, found)).toBe(41n)
    }
  })
})
