import type { OutboxKey, SourcePosition } from '../commit/commit-unit.ts'
import { RelayProgressLostError } from '../errors/ownership-errors.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { GroupOffset } from '../kafka/topics-and-offsets.ts'
import type { OffsetWithMetadata } from '../kafka/transactional-producer.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'

/**
 * The relay's progress travels as metadata of the group's offsets, in the Kafka transaction that publishes a batch:
 * `rowstream:<sequence>`. A task with several source partitions writes all of them, and the highest counts.
 */
const PREFIX = 'rowstream:'

/** The offsets to commit for a task whose batch of that sequence is being published. */
export function progressOffsets(
  positions: readonly SourcePosition[],
  sequence: bigint,
): OffsetWithMetadata[] {
  return positions.map(({ topic, partition, nextOffset }) => ({
    topic,
    partition,
    offset: nextOffset,
    metadata: `${PREFIX}${sequence}`,
  }))
}

/** What the database says about a task's outbox. */
export interface OutboxState {
  readonly taskId: TaskId
  /** Sequence of the last batch ever committed. */
  readonly sequence: bigint
  /** Rows that are still there, in order. */
  readonly rows: readonly OutboxKey[]
}

/**
 * Sequence up to which Kafka has a task's batches. Only to be called after the predecessor was fenced: before, a
 * transaction could still commit behind our back.
 *
 * @throws RelayProgressLostError `RELAY_PROGRESS_LOST` when it is missing while rows wait, or ahead of the database.
 */
export function progressOf(
  { taskId, sequence, rows }: OutboxState,
  partitions: readonly TopicPartition[],
  committed: ReadonlyMap<string, GroupOffset>,
): bigint {
  const found = partitions.flatMap((partition) =>
    parse(committed.get(formatTopicPartition(partition))),
  )
  const progress = found.reduce<bigint | undefined>(
    (most, next) => (most === undefined || next > most ? next : most),
    undefined,
  )
  if (progress === undefined && rows.length > 0)
    throw new RelayProgressLostError(taskId, 'is missing while its outbox has rows')
  if (progress === undefined) return sequence
  if (progress > sequence) {
    throw new RelayProgressLostError(
      taskId,
      `is ${progress}, ahead of the database's sequence ${sequence}`,
    )
  }
  // Rows above the progress that are gone cannot be published any more: somebody set the group's offsets back.
  const isGap =
    progress < sequence && rows.find((row) => row.sequence > progress)?.sequence !== progress + 1n
  if (isGap)
    throw new RelayProgressLostError(
      taskId,
      `is ${progress}, but the outbox no longer has what follows`,
    )
  return progress
}

function parse(offset: GroupOffset | undefined): bigint[] {
  if (!offset?.metadata.startsWith(PREFIX)) return []
  return [BigInt(offset.metadata.slice(PREFIX.length))]
}

/** Reads the group's offsets of all source partitions of some tasks at once. */
export function readProgress(
  kafka: Kafka,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Map<string, GroupOffset>> {
  if (partitions.length === 0) return Promise.resolve(new Map<string, GroupOffset>())
  return kafka.groupOffsets(groupId, partitions)
}
