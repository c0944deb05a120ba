import type { AsyncOptions } from './dsl.ts'

/** @throws TypeError when an option is not what it says, types or not. */
export function checkAsyncOptions(
  node: string,
  { concurrency = 16, ordering = 'partition' }: AsyncOptions,
): Required<Pick<AsyncOptions, 'concurrency' | 'ordering'>> {
  if (!Number.isSafeInteger(concurrency) || concurrency < 1)
    throw new TypeError(`concurrency of ${node} is a whole number above 0, not ${concurrency}`)
  if (ordering !== 'key' && ordering !== 'partition')
    throw new TypeError(`ordering of ${node} is 'key' or 'partition', not '${String(ordering)}'`)
  return { concurrency, ordering }
}
