import { TopologyError } from '../../errors/topology-error.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'

/**
 * @throws TopologyError `TOPOLOGY_INVALID` that names the first node below the source of a global table that does not make its
 *   rows: the records of such a source move no stream time, so that nothing else can go by them.
 */
export function checkGlobalSources(definitions: readonly NodeDefinition[]): void {
  const sources = definitions.filter((node) => node.kind === 'source' && node.isGlobal)
  const above = new Map(sources.map(({ name }) => [name, true]))
  for (const node of definitions) {
    const parent = node.parents.find((name) => above.has(name))
    if (parent === undefined) continue
    const isSource = above.get(parent)!
    if (!isSource || !makesRows(node))
      throw new TopologyError(
        `node ${node.name} hangs under ${parent}, which a global store is made of: only what makes its rows can`,
      )
    above.set(node.name, false)
  }
}

function makesRows(node: NodeDefinition): boolean {
  return node.kind === 'process' ? node.writesAlone === true : ownStoresOf(node).length > 0
}
