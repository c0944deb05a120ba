import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { KGroupedStream, KGroupedTable, KStream, KTable } from './dsl.ts'
import type { GroupState } from './group-state.ts'
import type { StreamState } from './stream-state.ts'
import type { TableGroupState } from './table-group-state.ts'
import type { TableState } from './table-state.ts'

/**
 * Makes the things that users hold. Streams make groups, groups tables and tables streams: this is
 * how their files do without importing each other.
 */
export interface DslFactory {
  readonly graph: GraphBuilder
  stream<K, V, KC, VC>(state: StreamState): KStream<K, V, KC, VC>
  group<K, V, VC>(state: GroupState): KGroupedStream<K, V, VC>
  table<K, V, KC, VC>(state: TableState): KTable<K, V, KC, VC>
  tableGroup<K, V, VC>(state: TableGroupState): KGroupedTable<K, V, VC>
  /** The state of a stream that this factory made; of another builder's it knows none. */
  stateOf(stream: object): StreamState | undefined
  /** The state of a grouped stream that this factory made. */
  groupStateOf(group: object): GroupState | undefined
  /** The state of a table that this factory made. */
  tableStateOf(table: object): TableState | undefined
  /** The name of the store of a global table that this factory made. */
  globalStoreOf(table: object): string | undefined
}
