import { groupBy } from '../../../src/model/group-by.ts'
import type { Scenario, ScenarioNode } from './scenario.ts'

/**
 * The stores of a scenario that hold the same rows in the end whenever commits are made.
 *
 * With caches a table tells one change of a key for each commit, and so others depend on commits, in Kafka Streams as here:
 *
 * - a group of a table: one that a row came to and left again has a count of 0, unless that was between two commits;
 * - what is below a `suppress`, an emission on close or a stream of changes: it depends on which changes there were, and when;
 * - a join with a table: it finds the rows of the commit, not those of the record; a join of two tables that come from one and the
 *   same keeps rows that are deleted in both at once, in Kafka Streams, and here without a cache;
 * - streams that come together by repartition topics: in which order they come is decided by what is sent in one commit;
 * - what reads a topic that is written here: it may come later than what it came from;
 * - what shares a store of processors with one that depends on them;
 * - a processor behind a repartition topic that asks for the time, for the same reason;
 * - sessions and sliding windows with the retention that they need at least: they look for rows further back, and those behind the
 *   retention are seen while they are cached, as in Kafka Streams where caches are on;
 * - what is below a function of rows that throws: a row that fails may be replaced before it is seen;
 * - all of them, where a `suppress` that is full ends the run: how much it holds at once depends on commits.
 */
export function settledStores(scenario: Scenario): ReadonlySet<string> {
  const nodes = nodesOf(scenario)
  const stores = new Set<string>()
  if (scenario.nodes.some(({ full }) => full === 'shutdown')) return stores
  for (const { store } of scenario.nodes) if (store !== undefined) stores.add(store)
  for (const node of scenario.nodes)
    if (node.store !== undefined && dependsOnCommits(node, nodes)) stores.delete(node.store)
  return stores
}

interface Nodes {
  readonly byId: ReadonlyMap<string, ScenarioNode>
  /** Processors by the store that they share. */
  readonly sharing: ReadonlyMap<string | undefined, readonly ScenarioNode[]>
  /** Topics that the scenario writes. */
  readonly written: ReadonlySet<string>
}

const LOOKS_OR_HOLDS: ReadonlySet<string> = new Set([
  ...['suppress', 'toStream', 'joinTable', 'joinTables', 'joinGlobal', 'joinFk'],
])

const MAKES_TABLE: ReadonlySet<string> = new Set([
  ...['table', 'toTable', 'count', 'reduce', 'aggregate', 'transformValues'],
  ...['joinTables', 'joinFk', 'suppress'],
])

const CHANGES_KEYS: ReadonlySet<string> = new Set([
  ...['map', 'flatMap', 'selectKey', 'groupBy', 'process', 'repartition'],
])

const ASKS_FOR_TIME: ReadonlySet<string> = new Set([
  ...['streamTime', 'punctuator', 'bufferUntilPunctuate'],
])

const LOOKS_BACK: ReadonlySet<string> = new Set(['session', 'sliding'])

function nodesOf({ nodes }: Scenario): Nodes {
  const found = new Map<string, ScenarioNode>()
  for (const node of nodes) {
    const ids = [node.id, node.default, ...(node.branches ?? []).map(({ id }) => id)]
    for (const id of ids) if (id !== undefined) found.set(id, node)
  }
  const written = nodes.flatMap(({ op, topic }) =>
    op === 'to' && topic !== undefined ? topic : [],
  )
  const sharing = groupBy(
    nodes.filter(({ op, store }) => op === 'process' && store !== undefined),
    ({ store }) => store,
  )
  return { byId: found, sharing, written: new Set(written) }
}

function dependsOnCommits(
  node: ScenarioNode,
  nodes: Nodes,
  seen: ReadonlySet<ScenarioNode> = new Set(),
): boolean {
  if (seen.has(node)) return false
  const parents = parentsOf(node, nodes)
  const isTableGroup = node.op === 'groupBy' && parents.some((parent) => isTable(parent, nodes))
  if (topicsOf(node).some((topic) => nodes.written.has(topic))) return true
  const isSent = parents.some((parent) => isRekeyed(parent, nodes))
  const isOrdered = parents.length > 1 || ASKS_FOR_TIME.has(node.fn ?? '')
  const isOfChanges = LOOKS_OR_HOLDS.has(node.op) || node.emit === 'onWindowClose' || isTableGroup
  const isOfRows = parents.some((parent) => isTable(parent, nodes))
  const isFailing = isOfRows && (node.fn ?? '').startsWith('throwOn')
  if (isOfChanges || isFailing || (isSent && isOrdered) || looksBehind(node, parents)) return true
  const sharing = node.op === 'process' ? (nodes.sharing.get(node.store) ?? []) : []
  const before = new Set([...seen, node])
  return [...parents, ...sharing].some((one) => dependsOnCommits(one, nodes, before))
}

function topicsOf({ op, topic, topics = [] }: ScenarioNode): readonly string[] {
  if (op === 'stream') return topics
  return op === 'table' && topic !== undefined ? [topic] : []
}

function looksBehind({ retentionMs }: ScenarioNode, parents: readonly ScenarioNode[]): boolean {
  return retentionMs === undefined && parents.some(({ type }) => LOOKS_BACK.has(type ?? ''))
}

function isRekeyed(node: ScenarioNode, nodes: Nodes): boolean {
  return CHANGES_KEYS.has(node.op) || parentsOf(node, nodes).some((one) => isRekeyed(one, nodes))
}

function isTable(node: ScenarioNode, nodes: Nodes): boolean {
  if (MAKES_TABLE.has(node.op)) return true
  const keepsKind = ['filter', 'filterNot', 'mapValues'].includes(node.op)
  return keepsKind && parentsOf(node, nodes).some((parent) => isTable(parent, nodes))
}

function parentsOf(node: ScenarioNode, nodes: Nodes): readonly ScenarioNode[] {
  const ids = [node.in ?? [], (node.streams ?? []).map((stream) => stream.in)].flat()
  return ids.flatMap((id) => nodes.byId.get(id) ?? [])
}
