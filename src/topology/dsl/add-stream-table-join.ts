import { TopologyError } from '../../errors/topology-error.ts'
import type { RecordBufferStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { StoreMigration } from '../../stores/contract/store-migration.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { RecordFunction, ValueJoiner } from '../processing/functions.ts'
import { storesRead } from '../processing/value-getter.ts'
import { checkDuration } from '../windows/check-duration.ts'
import { addRepartition } from './add-repartition.ts'
import type { NodeOptions, SerdeOptions } from './options.ts'
import { storeVersion } from './store-version.ts'
import type { StreamState } from './stream-state.ts'
import type { TableState } from './table-state.ts'

/** What a join of a stream with any table is made of. */
interface TableJoin {
  readonly stream: StreamState
  readonly joiner: ValueJoiner
  /** Records that find no row go on. */
  readonly keepsUnmatched: boolean
}

/** What a join of a stream with a table is made of. */
export interface StreamTableJoin extends TableJoin {
  readonly table: TableState
  readonly options: StreamTableJoinOptions
}

/** Options of a join of a stream with a table. */
export interface StreamTableJoinOptions extends SerdeOptions {
  readonly graceMs?: number
  readonly version?: number
  readonly migrate?: StoreMigration<unknown, unknown>
}

/** What a join of a stream with a global table is made of. */
export interface GlobalTableJoin extends TableJoin {
  /** Name of the global table's store. */
  readonly global: string
  readonly selector: RecordFunction<unknown>
  readonly options: NodeOptions
}

/** Adds a join with the rows of a table; the stream is repartitioned first where its key may have changed. */
export function addStreamTableJoin(graph: GraphBuilder, join: StreamTableJoin): StreamState {
  const { table, joiner, keepsUnmatched, options } = join
  const key = options.key ?? join.stream.key
  const parent = join.stream.keyChanged
    ? repartitioned(graph, join.stream, options)
    : join.stream.node
  const reads = table.valueGetter()
  const node = nameJoin(graph, join)
  const joined = { name: node, parents: [parent], joiner, keepsUnmatched, reads }
  const isVersioned = (table.isKnownByTime ?? table.isVersioned) === true
  const waiting = options.graceMs === undefined ? {} : bufferOf(graph, join, node, options.graceMs)
  graph.add({ kind: 'stream-table-join', ...joined, isVersioned, ...waiting })
  return { ...madeByJoiner(node, join), key, keyChanged: false }
}

/**
 * Where the records of a join wait, and how long.
 * @throws TopologyError `TOPOLOGY_INVALID` when the rows of the table are not known as they were so long ago.
 */
function bufferOf(
  graph: GraphBuilder,
  { stream, table, options }: StreamTableJoin,
  node: string,
  graceMs: number,
): { readonly store: RecordBufferStoreDefinition; readonly graceMs: number } {
  checkDuration('graceMs', graceMs)
  checkHistory(graph, table, node, graceMs)
  const name = `${node}-Buffer`
  const serdes = serdesOf(stream, options)
  const { name: given, version: number = 1, migrate } = options
  const own = given === undefined ? {} : { store: name }
  const version = storeVersion(
    { ...own, version: number, ...(migrate && { migrate }) },
    serdes.value,
    'name',
  )
  return { store: Object.freeze({ kind: 'record-buffer', name, ...serdes, ...version }), graceMs }
}

function checkHistory(graph: GraphBuilder, table: TableState, node: string, graceMs: number): void {
  if (table.isVersioned !== true)
    throw new TopologyError(`${node} takes a grace period only with a versioned table`)
  for (const name of storesRead(table.valueGetter())) {
    const store = graph.storeOf(name)
    if (store?.kind === 'versioned' && store.historyRetentionMs >= graceMs) continue
    throw new TopologyError(`the grace period of ${node} is longer than the history of ${name}`)
  }
}

/** Adds a join with the rows of a global table, wherever the stream's records are. */
export function addGlobalTableJoin(graph: GraphBuilder, join: GlobalTableJoin): StreamState {
  const { stream, global, selector, joiner, keepsUnmatched } = join
  const node = nameJoin(graph, join)
  const joined = { name: node, parents: [stream.node], joiner, keepsUnmatched, global, selector }
  graph.add({ kind: 'global-table-join', ...joined })
  return madeByJoiner(node, join)
}

function repartitioned(graph: GraphBuilder, stream: StreamState, options: SerdeOptions): string {
  const { node } = stream
  const { key, value: repartitionValue } = serdesOf(stream, options)
  return addRepartition(graph, { node, key, repartitionValue, name: options.name }, node)
}

/** In which the records of a stream can be kept. No type says whether its serde fits values that a function has made. */
function serdesOf(
  stream: StreamState,
  { key = stream.key, value = stream.valueMapped ? MISSING_SERDE : stream.value }: SerdeOptions,
): Required<Pick<SerdeOptions, 'key' | 'value'>> {
  return { key, value }
}

function nameJoin(
  graph: GraphBuilder,
  { keepsUnmatched, options }: StreamTableJoin | GlobalTableJoin,
): string {
  return graph.nameNode(keepsUnmatched ? 'KSTREAM-LEFTJOIN-' : 'KSTREAM-JOIN-', options.name)
}

function madeByJoiner(node: string, { stream }: TableJoin): StreamState {
  return { ...stream, node, value: MISSING_SERDE, valueMapped: true }
}
