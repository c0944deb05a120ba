import type { StreamsError } from '../errors/streams-error.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { FetchedRecords } from './fetched-records.ts'
import type { GroupAssignor } from './group-assignor.ts'
import type { GroupMembership } from './group-membership.ts'

/** How partitions are shared out in a group: by a member, or by its coordinator (KIP-848). */
export type GroupProtocol = 'classic' | 'consumer'

/** How a member joins its group. */
export interface GroupConsumerOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  /** Of the leader, in the `classic` protocol. */
  readonly assignor: GroupAssignor
  /**
   * `classic`: a member assigns, by its {@link assignor} · `consumer`: the coordinator does, by its own assignor `range` (KIP-848). Then
   * an assignment comes step by step, the session's length is the broker's, and nobody is told a `userData`. (Default: `classic`)
   */
  readonly groupProtocol?: GroupProtocol | undefined
  readonly listener: GroupListener
  /** The group takes a member for dead after this long without a heartbeat. */
  readonly sessionTimeoutMs: number
  /** How often it is told that the member lives, which hears of a rebalance then. (Default: 500 ms, or a third of a shorter session) */
  readonly heartbeatIntervalMs?: number | undefined
  /**
   * Makes the member a static one (KIP-345): whoever starts under this name before the session is over gets the assignment as it is,
   * and nobody else notices. An older member of the name fails with `INSTANCE_FENCED`.
   */
  readonly groupInstanceId?: string | undefined
  /** `read_committed` unless said otherwise. */
  readonly isolation?: 'read_committed' | 'read_uncommitted'
}

/**
 * A member of a consumer group that is told where to fetch.
 *
 * Assigned partitions deliver nothing until {@link fetchFrom}. The position is this object's alone: offsets committed to the
 * group are neither read nor written. Batches of a partition are contiguous: each begins where the last one's `nextOffset`
 * was, the first at the offset given to `fetchFrom`; what was on its way for an older position or assignment is never delivered.
 * Heartbeats run in the background, whatever the listener does.
 *
 * An adapter that loses its member (session expired, coordinator moved, crash of the client) joins again by itself.
 */
export interface GroupConsumer {
  /** Joins the group. Resolves with the first assignment; rejects when the group cannot be joined. */
  start(): Promise<void>
  /**
   * Starts, or moves, the fetching of an assigned partition. Ignored for one that is not assigned now.
   *
   * @param leaderEpoch Of what was read before the offset, as batches told it, or of something later: a log that does not agree with that
   *   was truncated, `LOG_TRUNCATED` (KIP-320).
   */
  fetchFrom(partition: TopicPartition, offset: bigint, leaderEpoch?: number): void
  /** Stops delivering a partition until {@link resume} (back-pressure). A batch already on its way may still come. */
  pause(partition: TopicPartition): void
  /** Goes on where {@link pause} stopped. */
  resume(partition: TopicPartition): void
  /**
   * How many milliseconds ago Kafka said that a partition has nothing from the position on, transactions that are open included;
   * infinity where it has not. It grows while no answers come.
   */
  emptyAgo(partition: TopicPartition): number
  /** Joins again, so that the leader hears what the assignor's `userData` says now: all members get a new assignment. */
  announce(): void
  /** Who this is to the group, for offsets that it commits; `undefined` while it is no member. */
  readonly membership: GroupMembership | undefined
  /**
   * Stops, and leaves the group, unless it is static or told to stay: then its partitions wait until the session is over.
   * Idempotent; tolerates never having been started.
   */
  stop(options?: StopOptions): Promise<void>
}

/** How a {@link GroupConsumer} stops. */
export interface StopOptions {
  /** Whether the group is told. (Default: `true`; of a static member `false`) */
  readonly leaveGroup?: boolean | undefined
}

/** What a {@link GroupConsumer} says to its owner. Called one at a time and synchronously. */
export interface GroupListener {
  /**
   * A new assignment; every earlier one is void. Fetching has stopped for all partitions, also those that stayed.
   * `userData` is what the leader's assignor said beside; empty where it said nothing.
   *
   * @returns what resolves once partitions that are missing now are let go: in the `consumer` protocol nobody gets them before.
   */
  onAssigned(partitions: readonly TopicPartition[], userData: Uint8Array): void | Promise<void>
  /** Records of one partition, in offset order. */
  onBatch(batch: FetchedBatch): void
  /** The consumer cannot go on: `OFFSET_OUT_OF_RANGE`, `LOG_TRUNCATED`, `INSTANCE_FENCED`, `CONSUMER_FAILED`. It has stopped, or will not deliver that partition. */
  onFailed(error: StreamsError): void
}

/** A piece of a partition's log, decided transactions only. */
export interface FetchedBatch {
  readonly topic: string
  readonly partition: number
  readonly records: FetchedRecords
  /** The offset after this piece: it skips control records and aborted ones, so a batch can be empty and still advance. */
  readonly nextOffset: bigint
  /** The newest leader epoch in this piece; absent where the adapter has no leaders. */
  readonly leaderEpoch?: number
  /**
   * How far the partition could be read when it was fetched: `endOffset − nextOffset` is the lag. As everywhere in Kafka, that is
   * the last stable offset under `read_committed` and the high watermark otherwise.
   */
  readonly endOffset: bigint
}
