/** A promise that is resolved from outside. */
export interface Gate<T = void> {
  readonly passed: Promise<T>
  open(value: T): void
}

export function createGate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => undefined
  const passed = new Promise<T>((resolve) => (open = resolve))
  return { passed, open: (value) => open(value) }
}
