import { TopicMissingError } from '../errors/kafka-errors.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { ApplicationPlan } from './application-plan.ts'
import { Backoff } from './backoff.ts'
import type { SinkTopic } from './task/outgoing.ts'
import { patiently } from './patiently.ts'
import type { ProcessingGuarantee } from './streams-options.ts'

/** How many partitions a topic has; nothing where it does not exist. */
type PartitionCount = (topic: string) => Promise<number | undefined>

/** The topics that an instance writes: those that sinks name, and those that were looked up for functions that choose. */
export class SinkTopics {
  readonly #topics: Map<string, SinkTopic>
  readonly #guarantee: ProcessingGuarantee
  readonly #countPartitions: PartitionCount

  constructor(
    plan: ApplicationPlan,
    guarantee: ProcessingGuarantee,
    countPartitions: PartitionCount,
  ) {
    this.#topics = namedTopics(plan, guarantee)
    this.#guarantee = guarantee
    this.#countPartitions = countPartitions
  }

  get(topic: string): SinkTopic | undefined {
    return this.#topics.get(topic)
  }

  /** Nothing where the topic is known. @throws TopicMissingError `TOPIC_MISSING` when it does not exist. */
  find(topic: string): Promise<void> | undefined {
    return this.#topics.has(topic) ? undefined : this.#lookUp(topic)
  }

  async #lookUp(topic: string): Promise<void> {
    const partitions = await this.#countPartitions(topic)
    if (partitions === undefined) throw new TopicMissingError([topic], 'written')
    this.#topics.set(topic, { partitions, byOutbox: this.#guarantee === 'exactly_once' })
  }
}

/** Asks Kafka for the partitions of a topic, again where it fails for passing reasons. */
export function countPartitionsIn(kafka: Kafka, clock: Clock, limitMs: number): PartitionCount {
  return async (topic) => {
    const described = await patiently(
      () => kafka.describeTopics([topic]),
      new Backoff(clock, limitMs),
    )
    return described.get(topic)?.partitions
  }
}

/**
 * What tasks send each other always travels by outbox: a record that came twice on a repartition topic would be counted twice
 * behind it, and state is to be exact in both modes.
 */
function namedTopics(
  { topology, partitionsOf }: ApplicationPlan,
  guarantee: ProcessingGuarantee,
): Map<string, SinkTopic> {
  const internal = new Set(topology.internalTopics.map(({ topic }) => topic))
  const sinks = topology.subtopologies.flatMap((subtopology) => subtopology.sinks)
  const topics = [...topology.outputTopics, ...sinks]
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
