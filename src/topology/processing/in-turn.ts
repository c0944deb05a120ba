import type { MaybePromise } from '../../model/maybe-promise.ts'

/** Calls a function with one item after the other: at once, but for those behind a promise. */
export function inTurn<T>(
  items: readonly T[],
  call: (item: T) => MaybePromise,
  from = 0,
): MaybePromise {
  for (let next = from; next < items.length;) {
    const pending = call(items[next++]!)
    if (pending === undefined) continue
    // Of its own: were `next` in the closure, each item would cost an object.
    const rest = next
    return pending.then(() => inTurn(items, call, rest))
  }
  return undefined
}
