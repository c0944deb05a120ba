import { describe, expect, test } from '@jest/globals'
import { encodeOutbox } from '../../../src/commit/outbox-codec.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { partitionOf } from '../../../src/model/murmur2.ts'
import { Outgoing } from '../../../src/runtime/outgoing.ts'

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

describe('outgoing records', () => {
  test('go to the partition that Java’s producer chooses for their key', () => {
    const sent = outgoing()
    for (const key of ['a', 'b', 'c']) sent.add(record(key))
    expect(sent.seal().byOutbox.map(({ partition }) => partition)).toEqual(
      ['a', 'b', 'c'].map((key) => partitionOf(Buffer.from(key), 5)),
    )
  })

  test('without a key take the partitions in turn', () => {
    const sent = outgoing()
    for (let i = 0; i < 6; i++) sent.add(record(null))
    expect(sent.seal().byOutbox.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4, 0])
  })

  test('leave with the unit in which they were added, in order', () => {
    const sent = outgoing()
    sent.add(record('a'))
    sent.add(record('b'))
    const first = sent.seal()
    sent.add(record('c'))
    expect(first.byOutbox.map(({ key }) => Buffer.from(key!).toString())).toEqual(['a', 'b'])
    expect(sent.seal().byOutbox).toHaveLength(1)
    expect(sent.seal().byOutbox).toHaveLength(0)
  })

  test('for a topic that is written at least once do not travel by outbox', () => {
    const sent = outgoing()
    sent.add(record('a', 'direct'))
    sent.add(record('b'))
    const { byOutbox, direct } = sent.seal()
    expect(direct.map(({ topic }) => topic)).toEqual(['direct'])
    expect(byOutbox.map(({ topic }) => topic)).toEqual(['out'])
  })

  test('are never larger in the outbox than they say', () => {
    const sent = outgoing()
    for (let i = 0; i < 100; i++) sent.add(record(`key-${i}`))
    const { bytes } = sent
    const encoded = encodeOutbox(sent.seal().byOutbox).reduce((sum, { length }) => sum + length, 0)
    expect(encoded).toBeLessThanOrEqual(bytes)
    expect(sent.bytes).toBe(0)
  })
})
