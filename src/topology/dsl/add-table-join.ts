import type { GraphBuilder } from '../graph/graph-builder.ts'
import { checkName } from '../graph/check-name.ts'
import type { TableStoreOptions } from './options.ts'
import { storeVersion } from './store-version.ts'
import { inStore, type TableState } from './table-state.ts'

/** What a join of tables is made of. */
export interface TableJoin {
  readonly left: TableState
  readonly right: TableState
  readonly joiner: (left: unknown, right: unknown) => unknown
  /** Rows without a partner on the right are rows of the result; those without one on the left. */
  readonly keepsLeft: boolean
  readonly keepsRight: boolean
  readonly options: TableStoreOptions<unknown>
}

const MERGE = 'KTABLE-MERGE-'

/** Adds a node for each side of a join and one for its result, and answers how later operators use it. */
export function addTableJoin(graph: GraphBuilder, join: TableJoin): TableState {
  const { left, right, joiner, keepsLeft, keepsRight, options } = join
  const store = storeOf(graph, join)
  const merged = graph.nameNode(MERGE, options.name)
  if (keepsLeft) left.sendOldValues(true)
  if (keepsRight) right.sendOldValues(true)
  const [ofLeft, ofRight] = [left.valueGetter(), right.valueGetter()]
  const names = [
    nameOf(graph, options, 'KTABLE-JOINTHIS-', '-join-this'),
    nameOf(graph, options, 'KTABLE-JOINOTHER-', '-join-other'),
  ] as const
  const readsTold = !haveCommonAncestor(graph, left.node, right.node)
  const common = { kind: 'table-join', sendsOldValues: false, readsTold } as const
  graph.add({
    ...common,
    name: names[0],
    parents: [left.node],
    isVersioned: left.isVersioned === true,
    reads: ofRight,
    joiner,
    keepsOwn: keepsLeft,
    keepsOther: keepsRight,
  })
  graph.add({
    ...common,
    name: names[1],
    parents: [right.node],
    isVersioned: right.isVersioned === true,
    reads: ofLeft,
    joiner: (own: unknown, other: unknown) => joiner(other, own),
    keepsOwn: keepsRight,
    keepsOther: keepsLeft,
  })
  graph.add({ kind: 'table-join-merge', name: merged, parents: names, store })
  const sendOldValues = () => {
    for (const table of [left, right]) table.sendOldValues(true)
    for (const name of names)
      graph.update(name, (definition) => ({ ...definition, sendsOldValues: true }))
    return true
  }
  const valueGetter = store
    ? inStore(store.name).valueGetter
    : () => ({ kind: 'join' as const, left: ofLeft, right: ofRight, joiner, keepsLeft, keepsRight })
  const value = options.value ?? left.value
  const named = { node: merged, store: options.store }
  return { ...named, key: left.key, value, sendOldValues, valueGetter }
}

/** Whether one record may change both tables at once. */
function haveCommonAncestor(graph: GraphBuilder, left: string, right: string): boolean {
  const ofLeft = withAncestors(graph, left)
  return [...withAncestors(graph, right)].some((node) => ofLeft.has(node))
}

function withAncestors(graph: GraphBuilder, node: string, found = new Set<string>()): Set<string> {
  if (found.has(node)) return found
  found.add(node)
  for (const parent of graph.parentsOf(node) ?? []) withAncestors(graph, parent, found)
  return found
}

/** As Kafka Streams: whoever materialises the result gets a store, with a generated name if need be. */
function storeOf(graph: GraphBuilder, { left, options }: TableJoin) {
  const { store, cache, value } = options
  if (store === undefined && cache === undefined && value === undefined) return undefined
  const name = graph.nameStore(MERGE, store)
  const serdes = { key: left.key, value: value ?? left.value }
  const version = storeVersion(options, serdes.value)
  const definition = { kind: 'key-value' as const, name, ...serdes, cache: cache ?? true }
  return Object.freeze({ ...definition, ...version })
}

/** A given name takes no number, other than that of a single node. */
function nameOf(
  graph: GraphBuilder,
  { name }: TableStoreOptions<unknown>,
  prefix: string,
  suffix: string,
): string {
  return name === undefined ? graph.nameNode(prefix) : checkName(`${name}${suffix}`)
}
