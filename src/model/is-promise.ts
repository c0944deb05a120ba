/** Whether the result of a store or a node has yet to come. */
export function isPromise<T>(result: T | Promise<T>): result is Promise<T> {
  return typeof (result as { readonly then?: unknown } | null | undefined)?.then === 'function'
}
