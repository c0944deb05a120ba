import type { Headers } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordOrigin, RecordPosition } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStore } from '../../stores/contract/key-value-store.ts'
import type { TaskId } from '../../model/task-id.ts'
import type { Timer, Timers } from '../../stores/contract/timers.ts'
import type { KeptTime } from '../../stores/contract/kept-time.ts'
import type { Punctuation, Cancellable } from './punctuation.ts'

/** A record that a sink hands over: encoded. Its partition is chosen by the runtime, by the key's murmur2, unless it has one. */
export interface SinkRecord {
  /** Full name of the topic. */
  readonly topic: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly headers: Headers
  /** Where it is not the key's. */
  readonly partition?: number | undefined
  /** What its partition is chosen by, where that is not the whole key. */
  readonly partitionBytes?: Uint8Array | undefined
}

/** What is told of a record at which something failed: as it came to the node. */
export type FailedRecord = Pick<StreamRecord, 'timestamp' | 'headers'>

/** Why a record went no further. Each drop is counted and logged with topic, partition and offset. */
export type DropReason =
  | 'null-key'
  | 'null-value'
  | 'late'
  | 'expired'
  | 'negative-timestamp'
  | 'future-timestamp'
  | 'stale'
  | 'no-partition'

/** What a node holds back of the changes of its store. */
export interface UntoldChanges {
  /** The change of a key that waits, with the value that was told last. */
  find(key: unknown): { readonly oldValue: unknown } | undefined
}

/** What a node may ask of the task it runs in: the topology's only way to the world. Implemented by the runtime. */
export interface NodeContext {
  /** A store of the task, by the contract of its kind. */
  store<Store = KeyValueStore<unknown, unknown>>(name: string): Store
  /** Changes that nodes hold back until the commit, by the names of their stores; each node enters its own. */
  readonly untold: Map<string, UntoldChanges>
  /** A time that is kept with the task's state, by a name of its own in the sub-topology. */
  time(name: string): KeptTime
  readonly applicationId: string
  readonly taskId: TaskId
  /** The task's. */
  readonly partition: number
  /** Highest timestamp that the task has taken from its queues, milliseconds; −1 before the first. */
  readonly streamTime: number
  /** Milliseconds since the epoch, by the clock of the runtime. */
  readonly wallClock: number
  /** The latest time that a record may have now: those of later ones would be taken for stream time. */
  readonly timestampMax: number
  /** Where the record that is being processed came from; nothing while punctuations are, or what was combined. */
  readonly position: RecordPosition | undefined
  /** What the record that is being processed came from, for {@link at}. */
  readonly origin: RecordOrigin | undefined
  /** Forwards a record that has waited: position and origin are then its own, until all of it is done. */
  at(origin: RecordOrigin | undefined, forward: () => MaybePromise): MaybePromise
  /** Has a function called by stream time or by the wall clock, until it is cancelled or the task goes. */
  schedule(punctuation: Punctuation): Cancellable
  /** The timers of a node, which has a function called for each that is due. */
  timers(node: string, tell: (timer: Timer) => MaybePromise): Timers
  /** Asks for a commit soon. */
  requestCommit(): void
  /**
   * Has a topic looked up that no sink names; nothing where it is known. Only then may records be sent to it.
   * @throws TopicMissingError `TOPIC_MISSING` when it does not exist.
   */
  findTopic(topic: string): MaybePromise
  /** How many partitions a topic has to which records may be sent. */
  partitionsOf(topic: string): number
  /** Stages a record for the task's next commit. */
  send(record: SinkRecord): void
  dropped(reason: DropReason, node: string): void
  /**
   * A user's function, a serde or a store's `put` threw in `node`. Returns when the failure policy says to leave the record
   * out at this node (children do not get it, siblings do), perhaps as a dead letter; otherwise throws what stops the task.
   */
  failed(
    error: unknown,
    node: string,
    phase: 'processing' | 'production',
    record: FailedRecord,
  ): void
}
