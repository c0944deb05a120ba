import { expect, test } from '@jest/globals'
import { MemoryBounds } from '../../../src/runtime/memory-bounds.ts'

const MB = 1024 * 1024
const sharer = { queues: [1, 2], storeCount: 4 }

test.each([1, 3, 200])('what %d tasks hold together is bounded', (tasks) => {
  const bounds = new MemoryBounds(96 * MB)
  for (let i = 0; i < tasks; i++) bounds.add(sharer)
  expect(2 * tasks * bounds.queueBytes).toBeLessThanOrEqual(64 * MB)
  expect(tasks * bounds.writtenBytes).toBeLessThanOrEqual(32 * MB)
  expect(tasks * bounds.sentBytes).toBeLessThanOrEqual(64 * MB)
  expect(4 * tasks * bounds.cacheBytes).toBeLessThanOrEqual(96 * MB)
})

test('the share of a task that is gone goes to the others', () => {
  const bounds = new MemoryBounds(96 * MB)
  const all = ({ queueBytes, writtenBytes, sentBytes, cacheBytes }: MemoryBounds) =>
    [queueBytes, writtenBytes, sentBytes, cacheBytes] as const
  bounds.add(sharer)
  const alone = all(bounds)
  for (let i = 0; i < 50; i++) bounds.add(sharer)
  for (const [index, share] of all(bounds).entries()) expect(share).toBeLessThan(alone[index]!)
  for (let i = 0; i < 50; i++) bounds.remove(sharer)
  expect(all(bounds)).toEqual(alone)
})
