import type { Serde } from '../../serdes/serde.ts'
import type {
  JoinBufferStoreDefinition,
  JoinWindowStoreDefinition,
} from '../../stores/contract/store-definition.ts'
import type { JoinWindowDefinition } from '../nodes/join-window-node.ts'
import type { JoinWindows } from '../nodes/stream-join-node.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { ValueJoiner } from '../processing/functions.ts'
import { addRepartition } from './add-repartition.ts'
import type { JoinWindowOptions } from './dsl.ts'
import type { StoreVersion } from './store-version.ts'
import type { StreamState } from './stream-state.ts'

/** A stream-stream join as it was asked for. */
export interface StreamJoin {
  readonly kind: 'inner' | 'left' | 'outer'
  readonly left: StreamState
  readonly right: StreamState
  readonly joiner: ValueJoiner
  readonly windows: JoinWindows
  readonly lateRecords: JoinWindowOptions['lateRecords']
  readonly key: Serde<unknown>
  readonly leftValue: Serde<unknown>
  readonly rightValue: Serde<unknown>
  /** Name of the join, in those of its nodes and repartition topics. */
  readonly name: string | undefined
  /** Name that those of its stores begin with. */
  readonly store: string | undefined
  /** Of the records of each side that it keeps. */
  readonly versions: readonly [left: StoreVersion, right: StoreVersion]
}

/** The names of the nodes and stores of a join: of left and right, and of what both share. */
interface JoinNames {
  readonly windows: readonly [string, string]
  readonly joins: readonly [string, string]
  readonly stores: readonly [string, string]
  readonly merge: string
  readonly buffer: string
}

/**
 * Adds the nodes of a stream-stream join, named and numbered as in Kafka Streams: for each side a window that keeps its records
 * and a join that looks into the other's, and a merge of both results.
 *
 * @returns the name of the merge.
 */
export function addStreamJoin(graph: GraphBuilder, join: StreamJoin): string {
  const parents = [
    repartition(graph, join, join.left, 'left'),
    repartition(graph, join, join.right, 'right'),
  ] as const
  const names = nameJoin(graph, join)
  const [left, right] = storesOf(join, names)
  const { beforeMs, afterMs } = join.windows
  const window = (side: 0 | 1, store: JoinWindowStoreDefinition, aheadMs: number) =>
    graph.add({
      ...({ kind: 'join-window', name: names.windows[side], parents: [parents[side]] } as const),
      ...{ store, ...lateness(join, names, aheadMs) },
    })
  window(0, left, afterMs)
  window(1, right, beforeMs)
  addSides(graph, join, names, left, right)
  graph.add({ kind: 'merge', name: names.merge, parents: [...names.joins] })
  return names.merge
}

/** @param aheadMs How long after a record of this side one of the other may be. */
function lateness(
  { windows, lateRecords }: StreamJoin,
  { merge: join }: JoinNames,
  aheadMs: number,
): Pick<JoinWindowDefinition, 'dropsLate'> {
  const openMs = aheadMs + windows.graceMs
  return lateRecords === 'dropped' ? { dropsLate: { join, openMs } } : {}
}

function repartition(
  graph: GraphBuilder,
  { key, leftValue, rightValue, name }: StreamJoin,
  { node, keyChanged }: StreamState,
  side: 'left' | 'right',
): string {
  if (!keyChanged) return node
  const repartitionValue = side === 'left' ? leftValue : rightValue
  const topic = name === undefined ? undefined : `${name}-${side}`
  return addRepartition(graph, { node, key, repartitionValue, name: topic }, node)
}

function nameJoin(graph: GraphBuilder, { kind, name, store }: StreamJoin): JoinNames {
  const suffixes = [
    kind === 'outer' ? '-outer-this-join' : '-this-join',
    kind === 'inner' ? '-other-join' : '-outer-other-join',
  ] as const
  const named = (suffix: string) => (name === undefined ? undefined : `${name}${suffix}`)
  const windows = [
    graph.nameNode('KSTREAM-WINDOWED-', named('-this-windowed')),
    graph.nameNode('KSTREAM-WINDOWED-', named('-other-windowed')),
  ] as const
  const generated = [
    graph.nameNode(kind === 'outer' ? 'KSTREAM-OUTERTHIS-' : 'KSTREAM-JOINTHIS-'),
    graph.nameNode(kind === 'inner' ? 'KSTREAM-JOINOTHER-' : 'KSTREAM-OUTEROTHER-'),
  ] as const
  const storeOf = (side: 0 | 1) =>
    `${store === undefined ? generated[side] : `${store}${suffixes[side]}`}-store`
  return {
    windows,
    joins: [named(suffixes[0]) ?? generated[0], named(suffixes[1]) ?? generated[1]],
    stores: [storeOf(0), storeOf(1)],
    merge: graph.nameNode('KSTREAM-MERGE-', named('-merge')),
    buffer: bufferName(generated[0], { kind, store }),
  }
}

function bufferName(
  generated: string,
  { kind, store }: Pick<StreamJoin, 'kind' | 'store'>,
): string {
  if (store === undefined) return `KSTREAM-OUTERSHARED-${generated.split('-').at(-1)!}-store`
  return `${store}${kind === 'outer' ? '-outer-shared-join' : '-left-shared-join'}-store`
}

function storesOf(
  { windows, key, leftValue, rightValue, versions }: StreamJoin,
  { stores }: JoinNames,
): readonly [JoinWindowStoreDefinition, JoinWindowStoreDefinition] {
  const retentionMs = windows.beforeMs + windows.afterMs + windows.graceMs
  const common = {
    kind: 'join-window',
    key,
    retentionMs,
    emitsOnClose: false,
    cache: false,
  } as const
  return [
    Object.freeze({ ...common, name: stores[0], value: leftValue, ...versions[0] }),
    Object.freeze({ ...common, name: stores[1], value: rightValue, ...versions[1] }),
  ]
}

/** Where records wait for partners of which none may come. */
function bufferOf(
  { kind, key, leftValue: left, rightValue: right, versions }: StreamJoin,
  { buffer: name }: JoinNames,
): JoinBufferStoreDefinition | undefined {
  if (kind === 'inner') return undefined
  const [{ version, migrate: migrateLeft }, { migrate: migrateRight }] = versions
  return Object.freeze({
    ...{ kind: 'join-buffer' as const, name, key, left, right },
    ...(version !== undefined && { version }),
    ...(migrateLeft && { migrateLeft }),
    ...(migrateRight && { migrateRight }),
  })
}

function addSides(
  graph: GraphBuilder,
  join: StreamJoin,
  names: JoinNames,
  left: JoinWindowStoreDefinition,
  right: JoinWindowStoreDefinition,
): void {
  const { kind, windows, joiner } = join
  const buffer = bufferOf(join, names)
  const common = { kind: 'stream-join', join: names.merge, windows, joiner, buffer } as const
  graph.add({
    ...common,
    name: names.joins[0],
    parents: [names.windows[0]],
    side: 'left',
    others: right,
    keepsUnmatched: kind !== 'inner',
    store: buffer,
  })
  graph.add({
    ...common,
    name: names.joins[1],
    parents: [names.windows[1]],
    side: 'right',
    others: left,
    keepsUnmatched: kind === 'outer',
    store: undefined,
  })
}
