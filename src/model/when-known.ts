import type { MaybePromise } from './maybe-promise.ts'
import { isPromise } from './is-promise.ts'

/** Goes on with a value: at once, or when it has come. */
export function whenKnown<T, R>(
  value: MaybePromise<T>,
  use: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return isPromise(value) ? value.then(use) : use(value)
}
