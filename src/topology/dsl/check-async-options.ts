import { checkWord } from './check-word.ts'
import type { AsyncOptions } from './dsl.ts'

/** @throws TypeError when an option is not what it says, types or not. */
export function checkAsyncOptions(
  node: string,
  { concurrency = 16, ordering = 'partition', timeoutMs = 60_000 }: AsyncOptions,
): Required<Pick<AsyncOptions, 'concurrency' | 'ordering' | 'timeoutMs'>> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new TypeError(`concurrency of ${node} is a whole number above 0, not ${concurrency}`)
  checkWord(`ordering of ${node}`, ordering, ['key', 'partition'])
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0))
    throw new TypeError(`timeoutMs of ${node} is a number above 0, not ${String(timeoutMs)}`)
  return { concurrency, ordering, timeoutMs }
}
