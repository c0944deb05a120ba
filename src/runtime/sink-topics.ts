import type { ApplicationPlan } from './application-plan.ts'
import type { SinkTopic } from './outgoing.ts'
import type { ProcessingGuarantee } from './streams-options.ts'

/**
 * What tasks send each other always travels by outbox: a record that came twice on a repartition topic would be counted twice
 * behind it, and state is to be exact in both modes.
 */
export function sinkTopics(
  { topology, partitionsOf }: ApplicationPlan,
  guarantee: ProcessingGuarantee,
): Map<string, SinkTopic> {
  const internal = new Set(topology.internalTopics.map(({ topic }) => topic))
  const topics = topology.subtopologies.flatMap(({ sinks }) => sinks)
  return new Map(
    topics.map((topic) => [
      topic,
      {
        partitions: partitionsOf.get(topic) ?? 1,
        byOutbox: guarantee === 'exactly_once' || internal.has(topic),
      },
    ]),
  )
}
