import type { RelayBatch } from '../../changelog/relay-batch.ts'
import type { Claim } from '../../commit/claim.ts'
import type { CommitUnit, OutboxKey, SourcePosition } from '../../commit/commit-unit.ts'
import { encodeOutbox, REPLAYED } from '../../commit/outbox-codec.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import type { TaskStore } from '../../stores/task-store.ts'
import type { Outgoing } from './outgoing.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { TaskContext } from './task-context.ts'

/** What a task's units are made of. */
export interface TaskProgressParts {
  readonly claim: Claim
  readonly queues: readonly PartitionQueue[]
  readonly stores: ReadonlyMap<string, TaskStore>
  readonly outgoing: Outgoing
  readonly context: TaskContext
  /** Sequence of the task's last outbox batch. */
  readonly sequence: bigint
  /** What it sends is not stored: a next owner makes it again. */
  readonly isReplayed: boolean
  /** It begins at other positions than those in the database. */
  readonly isRewound: boolean
  /** Positions of partitions that it does not read, which the database says wrong for the same reason. */
  readonly unread: readonly SourcePosition[]
}

/** A task's part of a commit. */
export interface SealedTask {
  readonly unit: CommitUnit
  /** Records that are produced before the unit is committed, rather than by its outbox. */
  readonly direct: readonly OutgoingRecord[]
  /** What the relay has to publish once the unit is durable. */
  readonly batch: RelayBatch | undefined
  /** To be called when the unit is durable. */
  committed(): void
}

/** How far a task has come for good. */
interface DurableProgress {
  readonly positions: readonly SourcePosition[]
  /** Sequence of its last outbox batch. */
  readonly sequence: bigint
}

/** How far a task has come: ends its open units, and knows of the last what became of it. */
export class TaskProgress {
  readonly #parts: TaskProgressParts
  readonly #stores: readonly TaskStore[]
  #sequence: bigint
  #durable: DurableProgress
  #isRewound: boolean

  constructor(parts: TaskProgressParts) {
    this.#parts = parts
    this.#stores = [...parts.stores.values()]
    this.#sequence = parts.sequence
    this.#durable = { positions: this.#positions(), sequence: parts.sequence }
    this.#isRewound = parts.isRewound
  }

  /** What the last unit that is known to be durable says. */
  get durable(): DurableProgress {
    return this.#durable
  }

  /** Whether a next owner may go on from what Kafka has, rather than from {@link durable}. */
  get isReplayed(): boolean {
    return this.#parts.isReplayed
  }

  /**
   * Whether the database says other positions than those at which the task began. INVARIANT: it must not be released like this: its
   * marker in the outbox is all that tells where to go on.
   */
  get isRewound(): boolean {
    return this.#isRewound
  }

  /** Estimated size of the rows that the open unit writes; 0 where it writes none. */
  get dirtyBytes(): number {
    let bytes = 0
    for (const store of this.#stores) bytes += store.dirtyBytes
    return bytes
  }

  /** Ends the open unit. @param published Outbox rows that this unit deletes. */
  seal(published: readonly OutboxKey[]): SealedTask {
    const { claim, context, outgoing, isReplayed } = this.#parts
    const { byOutbox, direct } = outgoing.seal()
    const stores = this.#stores.map((store) => store.seal())
    const positions = this.#positions()
    const parts = byOutbox.length > 0 && isReplayed ? [REPLAYED] : encodeOutbox(byOutbox)
    const outbox = parts.length > 0 ? { sequence: ++this.#sequence, parts } : undefined
    const sequence = this.#sequence
    const unread = this.#isRewound ? this.#parts.unread : []
    const changes = stores.map((store) => store.changes)
    const { streamTime } = context
    return {
      direct,
      unit: { ...claim, sequence, streamTime, positions, unread, changes, outbox, published },
      batch: outbox && {
        taskId: claim.taskId,
        sequence,
        rows: parts.map((_, part) => ({ sequence, part })),
        positions,
        records: byOutbox,
      },
      committed: () => {
        this.#durable = { positions, sequence }
        this.#isRewound = false
        for (const store of stores) store.committed()
      },
    }
  }

  #positions(): SourcePosition[] {
    return this.#parts.queues.map(({ topic, partition, topicId, leaderEpoch, position }) => ({
      ...{ topic, partition, topicId, leaderEpoch },
      nextOffset: position,
    }))
  }
}
