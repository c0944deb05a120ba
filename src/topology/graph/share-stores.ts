import { TopologyError } from '../../errors/topology-error.ts'
import type { ProcessDefinition } from '../nodes/process-node.ts'
import type { AttachedStore } from '../processor/attached-stores.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'

/** Nodes by the names of the stores that they keep. */
type Keepers = ReadonlyMap<string, NodeDefinition>

/**
 * Settles what processors may do with stores that others use too: one of those that share a store keeps it, a store that one writes
 * alone is only read by the others, and those of global tables are read by all, attached or not: other tasks keep them, so they
 * bind no sub-topologies together.
 *
 * @throws TopologyError `TOPOLOGY_INVALID` when two processors want to write a store alone.
 */
export function shareStores(definitions: readonly NodeDefinition[]): readonly NodeDefinition[] {
  const keepers = findKeepers(definitions)
  const globalNodes = definitions.filter((node) => isGlobal(node, definitions))
  const globals = globalNodes.flatMap((node) =>
    ownStoresOf(node).map(({ name }) => ({ name, form: formOf(node, name), writer: node.name })),
  )
  return definitions.map((node) => {
    if (node.kind !== 'process') return node
    const isOwn = globalNodes.includes(node)
    return Object.freeze({ ...node, ...shared(node, keepers, isOwn ? [] : globals) })
  })
}

/** What a processor keeps, and what it may use. */
function shared(
  { name: node, keeps, attached }: ProcessDefinition,
  keepers: Keepers,
  globals: readonly AttachedStore[],
): Pick<ProcessDefinition, 'keeps' | 'attached' | 'globals'> {
  const ofOthers = new Set(globals.map(({ name }) => name))
  const withWriter = (store: AttachedStore): AttachedStore => {
    const keeper = keepers.get(store.name)
    const isClosed = keeper?.kind === 'process' && keeper.writesAlone && keeper.name !== node
    return isClosed ? { ...store, writer: keeper.name } : store
  }
  return {
    keeps: keeps.filter(({ name }) => keepers.get(name)?.name === node),
    attached: attached.filter(({ name }) => !ofOthers.has(name)).map(withWriter),
    globals,
  }
}

/** Who writes a store alone keeps it, else the first that has it. */
function findKeepers(definitions: readonly NodeDefinition[]): Keepers {
  const keepers = new Map<string, NodeDefinition>()
  for (const node of [...definitions.filter(writesAlone), ...definitions]) {
    for (const { name } of ownStoresOf(node)) {
      const keeper = keepers.get(name)
      if (keeper && keeper !== node && writesAlone(node))
        throw new TopologyError(
          `nodes ${keeper.name} and ${node.name} cannot both be the only one that writes the store ${name}`,
        )
      keepers.set(name, keeper ?? node)
    }
  }
  return keepers
}

function writesAlone(node: NodeDefinition): boolean {
  return node.kind === 'process' && node.writesAlone === true
}

/** Whether a node makes the rows of a global table. */
function isGlobal({ parents }: NodeDefinition, definitions: readonly NodeDefinition[]): boolean {
  return definitions.some(
    (source) =>
      source.kind === 'source' &&
      source.isGlobal &&
      (parents as readonly string[]).includes(source.name),
  )
}

function formOf(node: NodeDefinition, store: string): AttachedStore['form'] {
  return node.kind === 'process'
    ? node.attached.find(({ name }) => name === store)?.form
    : undefined
}
