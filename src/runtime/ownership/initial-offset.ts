import { ConfigurationError } from '../../errors/configuration-error.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import type { LogRange } from '../../kafka/topics-and-offsets.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { OffsetReset } from '../../topology/runnable-topology.ts'

/** A partition of which no offset is stored. */
export interface UnreadPartition {
  readonly partition: TopicPartition
  readonly reset: OffsetReset
  readonly range: LogRange
}

/**
 * Where a partition begins that was never read. By a duration: at the first record that is no older, at the end where all are.
 * @throws ConfigurationError `CONFIGURATION_INVALID` when there is to be an offset.
 */
export async function initialOffset(
  { partition, reset, range }: UnreadPartition,
  { kafka, clock }: { readonly kafka: Pick<Kafka, 'offsetsAt'>; readonly clock: Clock },
): Promise<bigint> {
  const name = formatTopicPartition(partition)
  if (reset === 'none') {
    throw new ConfigurationError(`no offset is stored for ${name} and its offsetReset is 'none'`)
  }
  if (reset === 'earliest') return range.start
  if (reset === 'latest') return range.end
  // Kafka takes negative times for something else.
  const since = Math.max(0, clock.now() - reset.byDurationMs)
  return (await kafka.offsetsAt([partition], since)).get(name) ?? range.end
}
