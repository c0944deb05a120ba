import type { StoreDefinition } from '../stores/contract/store-definition.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'

/** A store of a kind, and the number of the sub-topology that it belongs to. */
export interface FoundStore<Kind extends StoreDefinition['kind']> {
  readonly store: Extract<StoreDefinition, { readonly kind: Kind }>
  readonly subtopology: number
}

/** @throws TypeError that names the stores there are, when there is none of that name, or it is of another kind. */
export function findStore<Kind extends StoreDefinition['kind']>(
  { subtopologies }: RunnableTopology,
  name: string,
  kind: Kind,
): FoundStore<Kind> {
  const all = subtopologies.flatMap(({ id, stores }) =>
    stores.map((store) => ({ store, subtopology: id })),
  )
  const found = all.find(({ store }) => store.name === name)
  if (found?.store.kind === kind) return found as FoundStore<Kind>
  const names = all.map(({ store }) => store.name).join(', ')
  throw new TypeError(
    found
      ? `store ${name} is not of the kind ${kind} but ${found.store.kind}`
      : `the topology has no store ${name}; it has ${names || 'none'}`,
  )
}
