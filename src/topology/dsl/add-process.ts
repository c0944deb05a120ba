import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { AttachedStore } from '../processor/attached-stores.ts'
import type { ProcessorFunction, ProcessorSupplier } from '../processor/processor.ts'
import type { StoreBuilder } from '../processor/store-builder.ts'

/** A processor to be added below nodes. */
export interface AddedProcessor {
  readonly name: string
  readonly parents: readonly string[]
  readonly processor: ProcessorFunction | ProcessorSupplier
  readonly keepsKey: boolean
  readonly stores: readonly (StoreBuilder | string)[]
  /** Nobody else may write these. */
  readonly writesAlone?: boolean
}

/** Adds the node of a processor. Which of those that share a store keeps it is settled when the topology is built. */
export function addProcess(graph: GraphBuilder, added: AddedProcessor): void {
  const { name, parents, processor, keepsKey, writesAlone } = added
  const supplier = supplierOf(processor, name)
  const brought = writesAlone ? [] : (supplier.stores?.() ?? [])
  const stores = [...new Set([...added.stores, ...brought])]
  const builders = stores.filter((store) => typeof store !== 'string')
  graph.add({
    kind: 'process',
    name,
    parents,
    supplier,
    keepsKey,
    keeps: builders.map(({ definition }) => definition),
    attached: stores.map(attachedStore),
    ...(writesAlone && { writesAlone }),
    path: `${graph.pathOf(parents[0]!)} → ${name}`,
  })
}

function attachedStore(store: StoreBuilder | string): AttachedStore {
  return typeof store === 'string'
    ? { name: store, form: undefined }
    : { name: store.name, form: store.form }
}

/** @throws TypeError unless it is one or the other: types say so, but not everybody has them; or makes one object for all tasks. */
function supplierOf(
  processor: ProcessorFunction | ProcessorSupplier,
  node: string,
): ProcessorSupplier {
  if (typeof processor === 'function') return { get: () => ({ process: processor }) }
  if (typeof processor?.get !== 'function')
    throw new TypeError('a processor is a function, or an object whose method get makes one')
  if (processor.get() === processor.get())
    throw new TypeError(
      `the supplier of ${node} gives one processor again and again: each task needs its own`,
    )
  return processor
}
