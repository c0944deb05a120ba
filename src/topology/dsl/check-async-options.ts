import type { AsyncOptions } from './dsl.ts'

/** @throws TypeError when an option is not what it says, types or not. */
export function checkAsyncOptions(
  node: string,
  { concurrency = 16, ordering = 'partition', timeoutMs = 60_000 }: AsyncOptions,
): Required<Pick<AsyncOptions, 'concurrency' | 'ordering' | 'timeoutMs'>> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new TypeError(`concurrency of ${node} is a whole number above 0, not ${concurrency}`)
  if (ordering !== 'key' && ordering !== 'partition')
    throw new TypeError(`ordering of ${node} is 'key' or 'partition', not '${String(ordering)}'`)
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0))
    throw new TypeError(`timeoutMs of ${node} is a number above 0, not ${String(timeoutMs)}`)
  return { concurrency, ordering, timeoutMs }
}
