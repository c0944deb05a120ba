import { TopicMissingError } from '../../errors/kafka-errors.ts'
import type { RunnableTopology } from '../runnable-topology.ts'

/** How many partitions topics need, and how many tasks sub-topologies have. */
export interface PartitionCounts {
  /** Of every internal topic. */
  readonly internalTopics: ReadonlyMap<string, number>
  /** By id of the sub-topology: one for each partition of its largest source. */
  readonly tasks: readonly number[]
}

/**
 * Sizes internal topics by the largest topic that feeds them, and sub-topologies by their largest
 * source, as Kafka Streams does.
 *
 * @param counts partitions of the topics that are read and not internal.
 * @throws TopicMissingError `TOPIC_MISSING` when one of them is not there.
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
  return {
    internalTopics,
    tasks: topology.subtopologies.map((subtopology) =>
      Math.max(...subtopology.sources.map(({ topic }) => sizeOf(topic))),
    ),
  }
}

/**
 * Internal topics may size each other, in circles too: sizes only grow, and never beyond the
 * largest topic that is read.
 */
function sizeInternalTopics(
  { internalTopics }: RunnableTopology,
  counts: ReadonlyMap<string, number>,
): Map<string, number> {
  const sizes = new Map(internalTopics.map(({ topic, partitions }) => [topic, partitions ?? 0]))
  const unsized = internalTopics.filter(({ partitions }) => partitions === undefined)
  const sizeOf = (topic: string) => sizes.get(topic) ?? counts.get(topic) ?? 0
  for (let grew = true; grew;) {
    grew = false
    for (const { topic, sizedBy } of unsized) {
      const size = Math.max(...sizedBy.map(sizeOf))
      grew ||= size > sizes.get(topic)!
      sizes.set(topic, size)
    }
  }
  return sizes
}
