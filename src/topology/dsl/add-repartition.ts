import type { Serde } from '../../serdes/serde.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import { failOnInvalidTimestamp } from '../processing/timestamp-extractors.ts'
import type { GroupState } from './group-state.ts'

/** What is to be sent to other partitions. */
type Repartitioned = Pick<GroupState, 'node' | 'key' | 'repartitionValue' | 'name'>

/** The end of every repartition topic's name. */
export const REPARTITION_SUFFIX = '-repartition'
const GENERATED = /KSTREAM.*-\d{10}$/

/** What goes through a repartition topic. */
export interface RepartitionInput {
  /** Name of the node whose output it is. */
  readonly node: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  /** Of the topic; without it as many as the largest topic that feeds it has. */
  readonly partitions?: number | undefined
}

/** The topic, without the application's id, and the nodes around it. */
interface RepartitionNames {
  readonly topic: string
  readonly sink: string
  readonly filter: string
  readonly source: string
}

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
  const names = nameRepartition(graph, group.name ?? fallbackName)
  if (group.name === undefined || !isThere(graph, names.filter, group))
    addNodes(graph, { ...group, value: group.repartitionValue }, names)
  return names.source
}

/**
 * As {@link addRepartition}, with a topic that nobody else uses.
 *
 * @param name the name of the topic, but for its suffix.
 */
export function addOwnRepartition(
  graph: GraphBuilder,
  input: RepartitionInput,
  name: string,
): string {
  const names = nameRepartition(graph, name)
  addNodes(graph, input, names)
  return names.source
}

function nameRepartition(graph: GraphBuilder, prefix: string): RepartitionNames {
  const topic = prefix.endsWith(REPARTITION_SUFFIX) ? prefix : `${prefix}${REPARTITION_SUFFIX}`
  const generated = {
    topic,
    sink: graph.nameNode('KSTREAM-SINK-'),
    filter: graph.nameNode('KSTREAM-FILTER-'),
    source: graph.nameNode('KSTREAM-SOURCE-'),
  }
  return GENERATED.test(prefix)
    ? generated
    : { topic, sink: `${topic}-sink`, filter: `${topic}-filter`, source: `${topic}-source` }
}

function isThere(graph: GraphBuilder, filter: string, group: Repartitioned): boolean {
  return graph.parentsOf(filter)?.includes(group.node) ?? false
}

function addNodes(
  graph: GraphBuilder,
  { node, key, value, partitions }: RepartitionInput,
  { topic, ...names }: RepartitionNames,
): void {
  graph.add({ kind: 'drop-null-keys', name: names.filter, parents: [node] })
  graph.add({
    kind: 'sink',
    name: names.sink,
    parents: [names.filter],
    topic,
    internal: true,
    key,
    value,
  })
  graph.add({
    kind: 'source',
    name: names.source,
    parents: [],
    topics: [topic],
    key,
    value,
    offsetReset: 'earliest',
    timestampExtractor: failOnInvalidTimestamp,
    internal: true,
    combined: false,
    partitions,
  })
}
