import { describe, expect, test } from '@jest/globals'
import { systemClock } from '../../../src/telemetry/clock.ts'

describe('the system clock', () => {
  test('sleeps for the time asked', async () => {
    const before = performance.now()
    await systemClock.sleep(20)
    expect(performance.now() - before).toBeGreaterThanOrEqual(18)
  })

  test('does not sleep when the signal has aborted', async () => {
    await expect(systemClock.sleep(1e8, AbortSignal.abort())).resolves.toBeUndefined()
  })

  test('wakes when the signal aborts', async () => {
    const abort = new AbortController()
    const sleep = systemClock.sleep(1e8, abort.signal)
    abort.abort()
    await expect(sleep).resolves.toBeUndefined()
  })

  test('does not keep the process alive by itself', () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const abort = new AbortController()
    void systemClock.sleep(1e8, abort.signal)
    const during = timers()
    abort.abort()
    expect(during).toBe(before)
  })
})
