import { TopologyError } from '../../errors/topology-error.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import { findGrace } from '../graph/find-grace.ts'
import type { SuppressDefinition } from '../nodes/suppress-node.ts'
import { checkWord } from './check-word.ts'
import type { SuppressOptions } from './dsl.ts'
import type { VersionedRows } from './options.ts'
import { storeVersion, type VersionOptions } from './store-version.ts'
import type { TableState } from './table-state.ts'

const SUPPRESS = 'KTABLE-SUPPRESS-'

/** With the version of what is held back. */
export type VersionedSuppress = SuppressOptions & VersionedRows<unknown, unknown>

/** Adds the node that holds the changes of a table back, and answers how later operators use what it lets through. */
export function addSuppress(
  graph: GraphBuilder,
  table: TableState,
  options: VersionedSuppress,
  value: Serde<unknown>,
): TableState {
  const { key } = table
  if (table.isVersioned === true)
    throw new TopologyError('suppress does not take a versioned table: its changes have no order')
  const until = untilWhen(graph, table, options)
  const name = options.name === undefined ? graph.nameNode(SUPPRESS) : options.name
  const storeName = options.name === undefined ? graph.nameStore(SUPPRESS) : `${name}-store`
  const { maxRecords = Infinity, maxBytes = Infinity } = options
  const countsBytes = maxBytes < Infinity
  const store = Object.freeze({
    ...({ kind: 'suppress-buffer', name: storeName } as const),
    ...{ key, value, countsBytes, ...storeVersion(versionOf(storeName, options), value, 'name') },
  })
  // What was last told below is what the first change that is held back replaced.
  table.sendOldValues(true)
  const parents = [table.node]
  graph.add({ kind: 'suppress', name, parents, store, maxRecords, maxBytes, ...until })
  return {
    ...{ node: name, key, value },
    sendOldValues: () => true,
    valueGetter: () => ({
      ...{ kind: 'suppressed' as const, buffer: storeName },
      parent: table.valueGetter(),
    }),
  }
}

/** The store has a name of its own where its operator has. */
function versionOf(
  storeName: string,
  { name, ...version }: VersionedSuppress,
): VersionOptions<unknown, unknown> {
  return name === undefined ? version : { ...version, store: storeName }
}

/** @throws TopologyError `TOPOLOGY_INVALID` when the windows of a table without windows are to close. */
function untilWhen(
  graph: GraphBuilder,
  { node }: TableState,
  options: VersionedSuppress,
): Pick<SuppressDefinition, 'from' | 'durationMs' | 'whenFull'> {
  if (options.until === 'window-closes')
    return { from: 'window-end', durationMs: findGrace(graph, node), whenFull: 'shut-down' }
  const { timeLimitMs: durationMs, whenFull = 'emit-early' } = options
  checkWord('whenFull of suppress', whenFull, ['emit-early', 'shut-down'])
  if (Number.isSafeInteger(durationMs) && durationMs >= 0)
    return { from: 'timestamp', durationMs, whenFull }
  throw new TypeError(`timeLimitMs of suppress has to be whole milliseconds, not ${durationMs}`)
}
