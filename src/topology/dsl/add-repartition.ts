import type { GraphBuilder } from '../graph/graph-builder.ts'
import { failOnInvalidTimestamp } from '../processing/fail-on-invalid-timestamp.ts'
import type { GroupState } from './group-state.ts'

/** What is to be sent to other partitions. */
type Repartitioned = Pick<GroupState, 'node' | 'key' | 'repartitionValue' | 'name'>

const SUFFIX = '-repartition'
const GENERATED = /KSTREAM.*-\d{10}$/

/**
 * Sends records through a repartition topic: a filter of null keys and a sink, and a source to go
 * on from.
 *
 * A second aggregate of a group with a name of its own reads the topic that the first one made.
 *
 * @param fallbackName the name of the topic, but for its suffix, when the user gave none.
 * @returns the name of the source.
 */
export function addRepartition(
  graph: GraphBuilder,
  group: Repartitioned,
  fallbackName: string,
): string {
  const prefix = group.name ?? fallbackName
  const topic = prefix.endsWith(SUFFIX) ? prefix : `${prefix}${SUFFIX}`
  const generated = {
    sink: graph.nameNode('KSTREAM-SINK-'),
    filter: graph.nameNode('KSTREAM-FILTER-'),
    source: graph.nameNode('KSTREAM-SOURCE-'),
  }
  const names = GENERATED.test(prefix)
    ? generated
    : { sink: `${topic}-sink`, filter: `${topic}-filter`, source: `${topic}-source` }
  if (group.name === undefined || !isThere(graph, names.filter, group))
    addNodes(graph, group, topic, names)
  return names.source
}

function isThere(graph: GraphBuilder, filter: string, group: Repartitioned): boolean {
  return graph.parentsOf(filter)?.includes(group.node) ?? false
}

function addNodes(
  graph: GraphBuilder,
  { node, key, repartitionValue }: Repartitioned,
  topic: string,
  names: { readonly sink: string; readonly filter: string; readonly source: string },
): void {
  const serdes = { key, value: repartitionValue }
  graph.add({ kind: 'drop-null-keys', name: names.filter, parents: [node] })
  graph.add({
    kind: 'sink',
    name: names.sink,
    parents: [names.filter],
    topic,
    internal: true,
    ...serdes,
  })
  graph.add({
    kind: 'source',
    name: names.source,
    parents: [],
    topics: [topic],
    ...serdes,
    offsetReset: 'earliest',
    timestampExtractor: failOnInvalidTimestamp,
    internal: true,
    combined: false,
  })
}
