import type { Serde } from '../../serdes/serde.ts'
import type { GraphBuilder } from '../graph/graph-builder.ts'
import type { StreamPartitioner } from '../processing/functions.ts'
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
  /** Chooses partitions, where those are not the keys'. */
  readonly partitioner?: StreamPartitioner | undefined
  /** An optimisation may put it elsewhere. */
  readonly isMovable?: boolean
}

/** The topic, without the application's id, and the nodes around it. */
interface RepartitionNames {
  readonly topic: string
  readonly sink: string
  readonly filter: string
  readonly source: string
}

/**
 * Sends a stream or group through a repartition topic: a filter of null keys and a sink, and a source to go
 * on from.
 *
 * What asks for the same topic of the same node reads what is there: a second aggregate of a group with a name of its own,
 * a second join of a stream.
 *
 * @param fallbackName the name of the topic, but for its suffix, when the user gave none.
 * @returns the name of the source.
 */
export function addRepartition(
  graph: GraphBuilder,
  repartitioned: Repartitioned,
  fallbackName: string,
): string {
  const names = nameRepartition(graph, repartitioned.name ?? fallbackName)
  const known = findSource(graph, names.topic, repartitioned.node)
  if (known !== undefined) return known
  const { node, key, repartitionValue: value } = repartitioned
  addNodes(graph, { node, key, value, isMovable: true }, names)
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

/** The source that reads a repartition topic which a node feeds already. */
function findSource(graph: GraphBuilder, topic: string, node: string): string | undefined {
  const { definitions } = graph
  const sink = definitions.find((one) => one.kind === 'sink' && one.internal && one.topic === topic)
  const [filter] = sink?.parents ?? []
  if (filter === undefined || !graph.parentsOf(filter)?.includes(node)) return undefined
  return definitions.find((one) => one.kind === 'source' && one.topics.includes(topic))?.name
}

function addNodes(
  graph: GraphBuilder,
  { node, key, value, partitions, partitioner, isMovable }: RepartitionInput,
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
    ...(partitioner && { partitioner }),
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
    ...(isMovable && { isMovable }),
  })
}
