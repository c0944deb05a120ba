import type { Serde } from '../../serdes/serde.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { NodeDefinition } from '../graph/node-definition.ts'
import type { TableValuesDefinition } from '../nodes/table-values-node.ts'
import type { ValueGetter } from '../processing/value-getter.ts'
import type { TableStoreOptions } from './options.ts'
import { storeVersion } from './store-version.ts'
import { inStore, type TableState } from './table-state.ts'

/** What makes the rows of a table out of those of another one. */
export interface TableValues {
  readonly prefix: string
  /** Whether Kafka Streams takes a number for a store that it does not make. */
  readonly numbersStore: boolean
  readonly parent: TableState
  readonly options: TableStoreOptions<unknown>
  /** Of values, where the options give none. */
  readonly value: Serde<unknown>
  /** Whether old values are sent from the beginning, if they cost no store. */
  readonly wantsOldValues: boolean
  define(common: TableValuesDefinition): NodeDefinition
  /** How rows are looked up that are in no store of their own. */
  getter(parent: ValueGetter): ValueGetter
}

/** Adds the node of a table that is made row by row out of another one, and answers how later operators use it. */
export function addTableValues(graph: GraphBuilder, values: TableValues): TableState {
  const { prefix, parent, options } = values
  const { key } = parent
  const value = options.value ?? values.value
  // As in Kafka Streams: options of a store make rows those of another table, also where there is no store for want of a name.
  const isMaterialised = options.cache !== undefined || options.value !== undefined
  if (options.store === undefined && isMaterialised && values.numbersStore) graph.nameStore(prefix)
  const name = graph.nameNode(prefix, options.name)
  const store =
    options.store === undefined
      ? undefined
      : Object.freeze({
          kind: 'key-value' as const,
          name: graph.nameStore(prefix, options.store),
          key,
          value,
          cache: options.cache ?? true,
          ...storeVersion(options, value),
        })
  let sendsOldValues = values.wantsOldValues && parent.sendOldValues(false)
  const isVersioned = parent.isVersioned === true
  graph.add(values.define({ name, parents: [parent.node], store, sendsOldValues, isVersioned }))
  const sendOldValues = (force: boolean): boolean => {
    if (!sendsOldValues && (store !== undefined || parent.sendOldValues(force))) {
      sendsOldValues = true
      graph.update(name, (definition) => Object.freeze({ ...definition, sendsOldValues }))
    }
    return sendsOldValues
  }
  const valueGetter = store
    ? inStore(store.name).valueGetter
    : () => values.getter(parent.valueGetter())
  const inherits = isVersioned && store === undefined && !isMaterialised
  const isKnownByTime = (parent.isKnownByTime ?? isVersioned) && store === undefined
  return {
    ...{ node: name, key, value, store: store?.name, sendOldValues, valueGetter },
    ...{ isVersioned: inherits, isKnownByTime },
  }
}
