import { StreamsError } from '../errors/streams-error.ts'
import type { Backoff } from './backoff.ts'

/** Repeats what fails for passing reasons (reactions `retry`, `wait`) until it succeeds or the back-off gives up. */
export async function patiently<T>(work: () => Promise<T>, backoff: Backoff): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(await mayRetry(error, backoff))) throw error
    }
  }
}

/** Whether the failure may be a passing one; waits before it says so. */
export async function mayRetry(error: unknown, backoff: Backoff): Promise<boolean> {
  if (!StreamsError.is(error)) return false
  if (error.reaction === 'wait') return backoff.waitOn()
  return error.reaction === 'retry' && (await backoff.wait())
}
