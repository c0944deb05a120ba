import { setTimeout as sleep } from 'node:timers/promises'

/** Monotonic milliseconds: deadlines must not move when the system clock does. */
export const monotonicMs = (): number => performance.now()

/** How long to go on trying, and which failures deserve it. */
export interface RetryOptions {
  readonly timeoutMs: number
  /** Milliseconds to wait before the next attempt; undefined gives up. */
  readonly delayMs: (error: unknown, attempt: number) => number | undefined
}

/** Repeats until success; throws the last failure when it deserves no retry or time is up. */
export async function retry<T>(
  operation: () => Promise<T>,
  { timeoutMs, delayMs }: RetryOptions,
): Promise<T> {
  const deadline = monotonicMs() + timeoutMs
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation()
    } catch (error) {
      const delay = delayMs(error, attempt)
      if (delay === undefined || monotonicMs() + delay > deadline) throw error
      await sleep(delay)
    }
  }
}

/** Doubles from the first delay to the last. */
export function backOff(
  attempt: number,
  { firstMs, lastMs }: { firstMs: number; lastMs: number },
): number {
  return Math.min(lastMs, firstMs * 2 ** Math.min(attempt - 1, 20))
}
