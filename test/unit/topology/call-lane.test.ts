import { expect, test } from '@jest/globals'
import { callLane } from '../../../src/topology/nodes/call-lane.ts'

const { buffer } = Buffer.from(' x')

test.each([
  ['a', 'a'],
  [0, -0],
  [
    { a: 1, b: [{ c: 1, d: 2 }] },
    { b: [{ d: 2, c: 1 }], a: 1 },
  ],
  [{ a: 1, b: undefined }, { a: 1 }],
  [Buffer.from('x'), new TextEncoder().encode('x')],
  [{ id: new Uint8Array(buffer, 1, 0) }, { id: Buffer.alloc(0) }],
  [new Date(5), new Date(5)],
])('%j and %j are the same key', (one, other) => {
  expect(new Set([callLane(one), callLane(other)]).size).toBe(1)
})

test.each<[unknown, unknown]>([
  ['1', 1],
  [1, true],
  [{ a: 1 }, { a: '1' }],
  [{ a: 1 }, { b: 1 }],
  [['a', 'b'], ['b', 'a']], // prettier-ignore
  [Buffer.from('x'), Buffer.from('y')],
  [new Date(5), new Date(6)],
])('%j and %j are not', (one, other) => {
  expect(callLane(one)).not.toBe(callLane(other))
})
