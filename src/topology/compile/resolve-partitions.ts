import { CopartitioningError, TopicMissingError } from '../../errors/kafka-errors.ts'
import type { Copartition, RunnableTopology } from '../runnable-topology.ts'

/** How many partitions topics need, and how many tasks sub-topologies have. */
export interface PartitionCounts {
  /** Of every internal topic. */
  readonly internalTopics: ReadonlyMap<string, number>
  /** By id of the sub-topology: one for each partition of its largest source. */
  readonly tasks: readonly number[]
}

/**
 * Sizes internal topics by the largest topic that feeds them, those that are joined by the topics that they are joined with,
 * and sub-topologies by their largest source, as Kafka Streams does.
 *
 * @param counts partitions of the topics that are read and not internal.
 * @throws TopicMissingError `TOPIC_MISSING` when one of them is not there, CopartitioningError `COPARTITIONING` when topics that
 *   are joined cannot have equally many.
 */
export function resolvePartitions(
  topology: RunnableTopology,
  counts: ReadonlyMap<string, number>,
): PartitionCounts {
  const sources = topology.subtopologies.flatMap((subtopology) => subtopology.sources)
  const missing = sources.filter(({ topic, internal }) => !internal && !counts.has(topic))
  if (missing.length > 0)
    throw new TopicMissingError([...new Set(missing.map(({ topic }) => topic))], 'read')
  const internalTopics = sizeInternalTopics(topology, counts)
  const sizeOf = (topic: string) => internalTopics.get(topic) ?? counts.get(topic) ?? 0
  for (const copartition of topology.copartitions) checkCopartition(copartition, sizeOf)
  return {
    internalTopics,
    tasks: topology.subtopologies.map((subtopology) =>
      Math.max(...subtopology.sources.map(({ topic }) => sizeOf(topic))),
    ),
  }
}

/**
 * Internal topics may size each other, in circles too: sizes only grow, and never beyond the
 * largest topic that is read. What is joined with a topic that cannot grow is as large as that one.
 */
function sizeInternalTopics(
  { internalTopics, copartitions }: RunnableTopology,
  counts: ReadonlyMap<string, number>,
): Map<string, number> {
  const sizes = new Map(internalTopics.map(({ topic, partitions }) => [topic, partitions ?? 0]))
  const given = new Map(internalTopics.map(({ topic, partitions }) => [topic, partitions]))
  const fixedOf = (topic: string) => (given.has(topic) ? given.get(topic) : counts.get(topic))
  const sizeOf = (topic: string) => sizes.get(topic) ?? counts.get(topic) ?? 0
  const wanted = (topic: string, sizedBy: readonly string[]): number => {
    const joined = copartitions.find(({ topics }) => topics.includes(topic))?.topics ?? []
    const fixed = joined.map(fixedOf).find((size) => size !== undefined)
    return fixed ?? Math.max(...[...sizedBy, ...joined].map(sizeOf))
  }
  const unsized = internalTopics.filter(({ partitions }) => partitions === undefined)
  for (let grew = true; grew;) {
    grew = false
    for (const { topic, sizedBy } of unsized) {
      const size = wanted(topic, sizedBy)
      grew ||= size > sizes.get(topic)!
      sizes.set(topic, size)
    }
  }
  return sizes
}

function checkCopartition({ nodes, topics }: Copartition, sizeOf: (topic: string) => number): void {
  const sizes = topics.map((topic) => [topic, sizeOf(topic)] as const)
  if (new Set(sizes.map(([, size]) => size)).size > 1) throw new CopartitioningError(sizes, nodes)
}
