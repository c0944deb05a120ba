import { describe, expect, test } from '@jest/globals'
import { decodeRecords } from '../../../src/kafka/record-batch/decode-records.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { Outgoing } from '../../../src/runtime/task/outgoing.ts'

const record = (key: string | null, topic = 'out') => ({
  topic,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from('v'),
  timestamp: 0,
  headers: NO_HEADERS,
})
const outgoing = () =>
  new Outgoing(
    new Map([
      ['out', { partitions: 5, byOutbox: true }],
      ['direct', { partitions: 2, byOutbox: false }],
    ]),
  )
const recordsOf = (sent: Outgoing) => sent.seal().byOutbox.flatMap(decodeRecords)

describe('outgoing records', () => {
  test('go to the partition that Java’s producer chooses for their key', () => {
    const sent = outgoing()
    for (const key of ['a', 'b', 'c']) sent.add(record(key))
    expect(
      recordsOf(sent)
        .map(({ key, partition }) => [Buffer.from(key!).toString(), partition])
        .sort(),
    ).toEqual(['a', 'b', 'c'].map((key) => [key, partitionOf(Buffer.from(key), 5)]))
  })

  test('without a key take the partitions in turn', () => {
    const sent = outgoing()
    for (let i = 0; i < 6; i++) sent.add(record(null))
    expect(sent.seal().byOutbox.map(({ count }) => count)).toEqual([2, 1, 1, 1, 1])
  })

  test('leave with the unit in which they were added, in order', () => {
    const sent = outgoing()
    for (const timestamp of [3, 1, 2]) sent.add({ ...record('a'), timestamp })
    const first = recordsOf(sent)
    sent.add(record('c'))
    expect(first.map(({ timestamp }) => timestamp)).toEqual([3, 1, 2])
    expect(recordsOf(sent)).toHaveLength(1)
    expect(recordsOf(sent)).toHaveLength(0)
  })

  test('for a topic that is written at least once do not travel by outbox', () => {
    const sent = outgoing()
    sent.add(record('a', 'direct'))
    sent.add(record('b'))
    const { byOutbox, direct } = sent.seal()
    expect(direct.map(({ topic }) => topic)).toEqual(['direct'])
    expect(byOutbox.map(({ topic }) => topic)).toEqual(['out'])
  })

  test('say how large they are', () => {
    const sent = outgoing()
    for (let i = 0; i < 100; i++) sent.add(record(`key-${i}`))
    const told = sent.bytes
    expect(sent.seal().byOutbox.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(told)
    expect(sent.bytes).toBe(0)
  })
})
