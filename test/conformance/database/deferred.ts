/** A promise with its handle. */
export interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
}

/** A gate between two transactions of a test. */
export function deferred(): Deferred {
  let resolve = () => {}
  const promise = new Promise<void>((open) => {
    resolve = open
  })
  return { promise, resolve: () => resolve() }
}
