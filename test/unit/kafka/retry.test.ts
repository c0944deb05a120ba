import { describe, expect, test } from '@jest/globals'
import { backOff, retry } from '../../../src/kafka/client/retry.ts'

describe('retry', () => {
  const failing = (times: number) => {
    let calls = 0
    return async (): Promise<number> => {
      if (++calls <= times) throw new TypeError(`failure ${calls}`)
      return calls
    }
  }

  test('repeats until success', async () => {
    await expect(retry(failing(3), { timeoutMs: 1_000, delayMs: () => 0 })).resolves.toBe(4)
  })

  test('throws what deserves no retry', async () => {
    const options = {
      timeoutMs: 1_000,
      delayMs: (_: unknown, attempt: number) => (attempt < 2 ? 0 : undefined),
    }
    await expect(retry(failing(3), options)).rejects.toThrow('failure 2')
  })

  test('throws when the next attempt would come after the time-out', async () => {
    await expect(retry(failing(3), { timeoutMs: 10, delayMs: () => 50 })).rejects.toThrow(
      'failure 1',
    )
  })

  test('backs off from the first delay to the last', () => {
    const delays = [1, 2, 3, 9, 5_000].map((attempt) =>
      backOff(attempt, { firstMs: 2, lastMs: 100 }),
    )
    expect(delays).toEqual([2, 4, 8, 100, 100])
  })
})
