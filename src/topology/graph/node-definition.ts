import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import { storesRead } from '../processing/value-getter.ts'
import type { AggregateDefinition } from '../nodes/aggregate-node.ts'
import type { BranchDefinition } from '../nodes/branch-node.ts'
import type { CogroupMergeDefinition } from '../nodes/cogroup-merge-node.ts'
import type { CombineDefinition } from '../nodes/combine-node.ts'
import type { DynamicSinkDefinition } from '../nodes/dynamic-sink-node.ts'
import type { DropNullKeysDefinition } from '../nodes/drop-null-keys-node.ts'
import type { FilterDefinition } from '../nodes/filter-node.ts'
import type { FlatMapDefinition } from '../nodes/flat-map-node.ts'
import type { FlatMapValuesDefinition } from '../nodes/flat-map-values-node.ts'
import type { ForeignTableJoinDefinition } from '../nodes/foreign-table-join-node.ts'
import type { JoinWindowDefinition } from '../nodes/join-window-node.ts'
import type { MapDefinition } from '../nodes/map-node.ts'
import type { MapValuesAsyncDefinition } from '../nodes/map-values-async-node.ts'
import type { MapValuesDefinition } from '../nodes/map-values-node.ts'
import type { MergeDefinition } from '../nodes/merge-node.ts'
import type { PassThroughDefinition } from '../nodes/pass-through-node.ts'
import type { PeekDefinition } from '../nodes/peek-node.ts'
import type { ResponseJoinDefinition } from '../nodes/response-join-node.ts'
import type { ProcessDefinition } from '../nodes/process-node.ts'
import type { SelectKeyDefinition } from '../nodes/select-key-node.ts'
import type { SelfJoinDefinition } from '../nodes/self-join-node.ts'
import type { SessionAggregateDefinition } from '../nodes/session-aggregate-node.ts'
import type { SinkDefinition } from '../nodes/sink-node.ts'
import type { SlidingAggregateDefinition } from '../nodes/sliding-aggregate-node.ts'
import type { SourceDefinition } from '../nodes/source-node.ts'
import type { StreamJoinDefinition } from '../nodes/stream-join-node.ts'
import type { SubscriptionJoinDefinition } from '../nodes/subscription-join-node.ts'
import type { SubscriptionReceiveDefinition } from '../nodes/subscription-receive-node.ts'
import type { SubscriptionSendDefinition } from '../nodes/subscription-send-node.ts'
import type { SuppressDefinition } from '../nodes/suppress-node.ts'
import type { TableAggregateDefinition } from '../nodes/table-aggregate-node.ts'
import type { TableFilterDefinition } from '../nodes/table-filter-node.ts'
import type { TableGroupDefinition } from '../nodes/table-group-node.ts'
import type { TableJoinDefinition } from '../nodes/table-join-node.ts'
import type { TableJoinMergeDefinition } from '../nodes/table-join-merge-node.ts'
import type { TableMapValuesDefinition } from '../nodes/table-map-values-node.ts'
import type { TableSourceDefinition } from '../nodes/table-source-node.ts'
import type {
  GlobalTableJoinDefinition,
  StreamTableJoinDefinition,
} from '../nodes/stream-table-join-node.ts'
import type { TableTransformValuesDefinition } from '../nodes/table-transform-values-node.ts'
import type { ToStreamDefinition } from '../nodes/to-stream-node.ts'
import type { VersionedSourceDefinition } from '../nodes/versioned-source-node.ts'
import type { WindowAggregateDefinition } from '../nodes/window-aggregate-node.ts'

/**
 * A node as data: frozen, named, with the names of its parents. Every kind lives in a file with the
 * node that executes it.
 */
export type NodeDefinition =
  | AggregateDefinition
  | BranchDefinition
  | CogroupMergeDefinition
  | CombineDefinition
  | DropNullKeysDefinition
  | DynamicSinkDefinition
  | FilterDefinition
  | FlatMapDefinition
  | FlatMapValuesDefinition
  | GlobalTableJoinDefinition
  | ForeignTableJoinDefinition
  | JoinWindowDefinition
  | MapDefinition
  | MapValuesAsyncDefinition
  | MapValuesDefinition
  | MergeDefinition
  | PassThroughDefinition
  | PeekDefinition
  | ResponseJoinDefinition
  | ProcessDefinition
  | SelectKeyDefinition
  | SelfJoinDefinition
  | SessionAggregateDefinition
  | SinkDefinition
  | SlidingAggregateDefinition
  | SourceDefinition
  | StreamJoinDefinition
  | SubscriptionJoinDefinition
  | SubscriptionReceiveDefinition
  | SubscriptionSendDefinition
  | SuppressDefinition
  | TableAggregateDefinition
  | TableFilterDefinition
  | TableGroupDefinition
  | TableJoinDefinition
  | TableJoinMergeDefinition
  | TableMapValuesDefinition
  | TableSourceDefinition
  | TableTransformValuesDefinition
  | StreamTableJoinDefinition
  | ToStreamDefinition
  | VersionedSourceDefinition
  | WindowAggregateDefinition

/** The stores that a node keeps. A store has one keeper; others may read it. */
export function ownStoresOf(definition: NodeDefinition): readonly StoreDefinition[] {
  if (definition.kind === 'process') return definition.keeps
  const store = 'store' in definition ? definition.store : undefined
  return store && !isPart(definition) ? [store] : []
}

/** Whether a node aggregates into the store of a node below. */
function isPart(definition: NodeDefinition): boolean {
  return 'isPart' in definition && definition.isPart === true
}

/** The names of the stores that a node uses: those that it keeps, and those in which it looks up rows. */
export function storesOf(definition: NodeDefinition): readonly string[] {
  if (definition.kind === 'process') return definition.attached.map(({ name }) => name)
  const own = ownStoresOf(definition).map(({ name }) => name)
  if (definition.kind === 'stream-join') return joinStoresOf(definition)
  if (definition.kind === 'self-join') return [definition.others.name]
  if (definition.kind === 'foreign-table-join') return [definition.subscriptions.name]
  if ('store' in definition && definition.store && isPart(definition))
    return [definition.store.name]
  return 'reads' in definition ? [...own, ...storesRead(definition.reads)] : own
}

function joinStoresOf({ others, buffer }: StreamJoinDefinition): readonly string[] {
  return buffer ? [others.name, buffer.name] : [others.name]
}

/** The names of the stores of global tables in which a node looks up rows: these belong to other tasks. */
export function globalStoresOf(definition: NodeDefinition): readonly string[] {
  if (definition.kind === 'process') return definition.globals?.map(({ name }) => name) ?? []
  return definition.kind === 'global-table-join' ? [definition.global] : []
}

/** Whether a node makes something of records without a key, so that a repartition above must let them through. */
export function takesNullKeys(definition: NodeDefinition): boolean {
  if (definition.kind === 'stream-table-join' || definition.kind === 'global-table-join')
    return definition.keepsUnmatched
  return definition.kind === 'stream-join' && definition.buffer !== undefined
}

const KEY_CHANGING: readonly NodeDefinition['kind'][] = [
  ...(['map', 'flat-map', 'select-key', 'table-group'] as const),
  ...(['window-aggregate', 'sliding-aggregate', 'session-aggregate'] as const),
  ...(['subscription-send', 'subscription-join', 'foreign-table-join'] as const),
]

/** Whether records leave a node with a key that may differ from the one they came with. */
export function changesKey(node: NodeDefinition): boolean {
  return KEY_CHANGING.includes(node.kind) || (node.kind === 'process' && !node.keepsKey)
}
