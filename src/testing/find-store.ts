import type { StoreDefinition } from '../stores/contract/store-definition.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'

/** A store, and the number of the sub-topology that it belongs to. */
export interface FoundStore {
  readonly store: StoreDefinition
  readonly subtopology: number
}

/** @throws TypeError that names the stores there are, when there is none of that name. */
export function findStore({ subtopologies }: RunnableTopology, name: string): FoundStore {
  const all = subtopologies.flatMap(({ id, stores }) =>
    stores.map((store) => ({ store, subtopology: id })),
  )
  const found = all.find(({ store }) => store.name === name)
  if (found) return found
  const names = all.map(({ store }) => store.name).join(', ')
  throw new TypeError(`the topology has no store ${name}; it has ${names || 'none'}`)
}
