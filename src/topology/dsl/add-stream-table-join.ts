import type { GraphBuilder } from '../graph/graph-builder.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { RecordFunction, ValueJoiner } from '../processing/functions.ts'
import { addRepartition } from './add-repartition.ts'
import type { NodeOptions, SerdeOptions } from './options.ts'
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
  readonly options: SerdeOptions
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
  const isVersioned = table.isVersioned === true
  graph.add({ kind: 'stream-table-join', ...joined, isVersioned })
  return { ...madeByJoiner(node, join), key, keyChanged: false }
}

/** Adds a join with the rows of a global table, wherever the stream's records are. */
export function addGlobalTableJoin(graph: GraphBuilder, join: GlobalTableJoin): StreamState {
  const { stream, global, selector, joiner, keepsUnmatched } = join
  const node = nameJoin(graph, join)
  const joined = { name: node, parents: [stream.node], joiner, keepsUnmatched, global, selector }
  graph.add({ kind: 'global-table-join', ...joined })
  return madeByJoiner(node, join)
}

function repartitioned(
  graph: GraphBuilder,
  { node, key, value, valueMapped }: StreamState,
  options: SerdeOptions,
): string {
  const known = valueMapped ? MISSING_SERDE : value
  const stream = { node, key: options.key ?? key, repartitionValue: options.value ?? known }
  return addRepartition(graph, { ...stream, name: options.name }, node)
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
