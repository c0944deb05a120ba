import type { Clock } from '../../telemetry/clock.ts'

/** What is done within a time limit. */
export interface LimitedWork {
  /** Looks at the signal after each step: once it has aborted, somebody else goes on. */
  readonly work: (over: AbortSignal) => Promise<void>
  readonly limitMs: number
  /** It has failed when nobody waited for it any more. */
  readonly onLate: (error: unknown) => void
}

/** Whether the work was done within the limit; what it throws until then is thrown. */
export async function within(
  clock: Clock,
  { work, limitMs, onLate }: LimitedWork,
): Promise<boolean> {
  const over = new AbortController()
  const done = new AbortController()
  const isDone = work(over.signal).then(() => true)
  const isTooLate = clock.sleep(limitMs, done.signal).then(() => false)
  try {
    if (await Promise.race([isDone, isTooLate])) return true
    over.abort()
    isDone.catch(onLate)
    return false
  } finally {
    done.abort()
  }
}
