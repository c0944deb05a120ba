import { describe, expect, test } from '@jest/globals'
import { Backoff } from '../../../src/runtime/backoff.ts'
import { EagerClock, ManualClock } from '../../support/manual-clock.ts'

describe('a back-off', () => {
  test('doubles from 10 ms to 1 s', async () => {
    const clock = new EagerClock()
    const backoff = new Backoff(clock, 10_000)
    for (let i = 0; i < 10; i++) expect(await backoff.wait()).toBe(true)
    expect(clock.asked).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000])
  })

  test('ends before it would pass its limit', async () => {
    const clock = new EagerClock()
    const backoff = new Backoff(clock, 30)
    expect([await backoff.wait(), await backoff.wait(), await backoff.wait()]).toEqual([
      true,
      true,
      false,
    ])
    expect(clock.now()).toBeLessThanOrEqual(30)
  })

  test('goes on without a limit for what has none, and begins that of others anew', async () => {
    const clock = new EagerClock()
    const backoff = new Backoff(clock, 1_000)
    for (let i = 0; i < 10; i++) expect(await backoff.waitOn()).toBe(true)
    expect(clock.now()).toBeGreaterThan(1_000)
    expect([await backoff.wait(), await backoff.wait()]).toEqual([true, false])
  })

  test('does not wait once its signal has aborted', async () => {
    const clock = new EagerClock()
    const backoff = new Backoff(clock, 1_000, AbortSignal.abort())
    expect([await backoff.wait(), await backoff.waitOn()]).toEqual([false, false])
    expect(clock.asked).toEqual([])
  })

  test('ends early when its signal aborts', async () => {
    const abort = new AbortController()
    const wait = new Backoff(new ManualClock(), 1_000, abort.signal).wait()
    abort.abort()
    expect(await wait).toBe(false)
  })
})
