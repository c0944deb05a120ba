import type { TopicPartition } from '../model/topic-partition.ts'

/** A topic as the broker describes it. */
export interface TopicDescription {
  readonly partitions: number
  /** Identity that changes when a topic is recreated under its name; absent where the client cannot say. */
  readonly topicId?: string
}

/** How many partitions a topic is to have. */
export interface TopicSize {
  readonly topic: string
  readonly partitions: number
}

/** A topic to create. */
export interface NewTopic extends TopicSize {
  /** −1 (the broker's default) unless given. */
  readonly replicationFactor?: number
  readonly config?: Readonly<Record<string, string>>
}

/** The offsets that can be read: `start` inclusive, `end` exclusive. */
export interface LogRange {
  readonly start: bigint
  readonly end: bigint
}

/** A position in a partition. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: bigint
}

/** A committed offset of a group. */
export interface GroupOffset {
  readonly offset: bigint
  /** At most 4,096 bytes; empty when none was given. */
  readonly metadata: string
}
