import type { DropNullKeysDefinition } from '../nodes/drop-null-keys-node.ts'
import type { SinkDefinition } from '../nodes/sink-node.ts'
import type { SourceDefinition } from '../nodes/source-node.ts'
import { MISSING_SERDE } from './missing-serde.ts'
import type { NodeDefinition } from './node-definition.ts'

/** The three nodes around a repartition topic. */
interface Repartition {
  readonly filter: DropNullKeysDefinition
  readonly sink: SinkDefinition
  readonly source: SourceDefinition
  /** What is between it and the node below which it can be, nearest first. */
  readonly between: readonly string[]
}

type Graph = ReadonlyMap<string, NodeDefinition>

/** These hand on keys and values as they come, of one parent. */
const LEAVES_RECORDS: readonly NodeDefinition['kind'][] = [
  ...(['filter', 'peek', 'branch', 'pass-through'] as const),
]
const CHANGES_KEYS: readonly NodeDefinition['kind'][] = ['map', 'flat-map', 'select-key']
const CHANGES_VALUES: readonly NodeDefinition['kind'][] = [
  ...(['map-values', 'flat-map-values', 'global-table-join'] as const),
]

/**
 * Sends records once where several operators have the same keys brought to their partitions: what repartitions below one change
 * of keys, and with no change of values in between, shares the first one's topic, right below that change. `merge.repartition.topics`
 * of Kafka Streams.
 *
 * Below a merge of streams it is right below the nearest merge. (Kafka Streams fails where there are two.)
 */
export function mergeRepartitions(
  definitions: readonly NodeDefinition[],
): readonly NodeDefinition[] {
  const graph: Graph = new Map(definitions.map((definition) => [definition.name, definition]))
  const byAnchor = new Map<string, Repartition[]>()
  for (const repartition of findRepartitions(definitions)) {
    const place = placeOf(repartition.filter.parents[0]!, graph)
    if (!place) continue
    const known = byAnchor.get(place.anchor) ?? []
    byAnchor.set(place.anchor, [...known, { ...repartition, between: place.between }])
  }
  let result = definitions
  for (const [anchor, repartitions] of byAnchor) result = merge(result, anchor, repartitions)
  return result
}

function findRepartitions(
  definitions: readonly NodeDefinition[],
): readonly Omit<Repartition, 'between'>[] {
  return definitions.flatMap((source) => {
    if (source.kind !== 'source' || !source.isMovable) return []
    const sink = definitions.find(
      (one) => one.kind === 'sink' && one.internal && one.topic === source.topics[0],
    ) as SinkDefinition
    const filter = definitions.find(({ name }) => name === sink.parents[0])
    return [{ source, sink, filter: filter as DropNullKeysDefinition }]
  })
}

/** The node right below which the records of a node can be repartitioned, and what then comes after that. */
function placeOf(
  node: string,
  graph: Graph,
): { readonly anchor: string; readonly between: readonly string[] } | undefined {
  if (!isKeyChanged(node, graph)) return undefined
  const between: string[] = []
  let at = graph.get(node)!
  while (LEAVES_RECORDS.includes(at.kind)) {
    between.push(at.name)
    at = graph.get(at.parents[0]!)!
  }
  return { anchor: at.name, between }
}

/** Whether the first change that is found above is one of keys, and not of values alone; undefined where there is none. */
function isKeyChanged(name: string, graph: Graph): boolean | undefined {
  const node = graph.get(name)!
  if (CHANGES_KEYS.includes(node.kind)) return true
  if (CHANGES_VALUES.includes(node.kind)) return false
  if (node.kind === 'process') return !node.keepsKey
  if (node.kind !== 'merge' && !LEAVES_RECORDS.includes(node.kind)) return undefined
  return node.parents
    .map((parent) => isKeyChanged(parent, graph))
    .find((changed) => changed !== undefined)
}

function merge(
  definitions: readonly NodeDefinition[],
  anchor: string,
  repartitions: readonly Repartition[],
): readonly NodeDefinition[] {
  const merged = mergedNodes(anchor, repartitions)
  const source = merged.at(-1)!.name
  const gone = new Set(
    repartitions.flatMap((one) => [one.filter.name, one.sink.name, one.source.name]),
  )
  const moved = new Set(repartitions.flatMap(({ between }) => between.at(-1) ?? []))
  const inputs = new Map(
    repartitions.map(({ source: from, between }) => [from.name, between[0] ?? source]),
  )
  return definitions.flatMap((definition) => {
    if (gone.has(definition.name)) return []
    const redirect = (parent: string) =>
      moved.has(definition.name) && parent === anchor ? source : (inputs.get(parent) ?? parent)
    const redirected = withParents(definition, redirect)
    return definition.name === anchor ? [redirected, ...merged] : [redirected]
  })
}

/** The nodes around the common topic: that of the first, with the first serdes that are known. */
function mergedNodes(
  anchor: string,
  repartitions: readonly Repartition[],
): readonly [DropNullKeysDefinition, SinkDefinition, SourceDefinition] {
  const [{ filter, sink, source }] = repartitions as readonly [Repartition]
  const known = (part: 'key' | 'value') =>
    repartitions.map((one) => one.source[part]).find((serde) => serde !== MISSING_SERDE) ??
    MISSING_SERDE
  const serdes = { key: known('key'), value: known('value') }
  const { topic } = sink
  const names = { filter: `${topic}-filter`, sink: `${topic}-sink`, source: `${topic}-source` }
  return [
    Object.freeze({ ...filter, name: names.filter, parents: [anchor] }),
    Object.freeze({ ...sink, ...serdes, name: names.sink, parents: [names.filter] }),
    Object.freeze({ ...source, ...serdes, name: names.source }),
  ]
}

function withParents(
  definition: NodeDefinition,
  redirect: (parent: string) => string,
): NodeDefinition {
  if (definition.kind === 'source') return definition
  const parents = [...new Set(definition.parents.map(redirect))]
  const isSame = parents.join() === definition.parents.join()
  return isSame ? definition : Object.freeze({ ...definition, parents })
}
