import { TopologyError } from '../../errors/topology-error.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'

/** What names have in them that the library numbered. */
const GENERATED = /(?:KSTREAM|KTABLE)-[A-Z-]+-\d{10}|STATE-STORE-\d{10}/

/**
 * @throws TopologyError `TOPOLOGY_INVALID` that lists the stores and the repartition topics whose names are generated: a changed
 * topology would number them anew.
 */
export function checkExplicitNames(definitions: readonly NodeDefinition[]): void {
  const stores = definitions.flatMap(ownStoresOf).map(({ name }) => name)
  const topics = definitions.flatMap((node) =>
    node.kind === 'source' && node.internal ? node.topics : [],
  )
  const found = [
    listed('stores', 'the option store', stores),
    listed('repartition topics', 'the option name', topics),
  ].filter((text) => text !== undefined)
  if (found.length > 0) throw new TopologyError(`names are missing: ${found.join('; ')}`)
}

function listed(what: string, remedy: string, names: readonly string[]): string | undefined {
  const generated = names.filter((name) => GENERATED.test(name))
  return generated.length === 0 ? undefined : `${what} (${remedy}) ${generated.join(', ')}`
}
