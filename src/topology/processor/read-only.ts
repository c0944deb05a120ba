import type { StreamsError } from '../../errors/streams-error.ts'

/** What stores of any kind call what changes their rows. */
const WRITES: ReadonlySet<string | symbol> = new Set([
  ...(['put', 'putIfAbsent', 'putAll', 'delete', 'remove'] as const),
])

/** The same store for who may only read it; of all kinds, so that none can be forgotten. */
export function readOnly<Store extends object>(store: Store, refusal: () => StreamsError): Store {
  const refuse = () => {
    throw refusal()
  }
  return new Proxy(store, {
    get(target, name) {
      if (WRITES.has(name)) return refuse
      const found: unknown = Reflect.get(target, name, target)
      return typeof found === 'function' ? (found.bind(target) as unknown) : found
    },
  })
}
