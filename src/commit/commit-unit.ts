import type { Row, Table } from '../database/table.ts'
import type { KeyRange } from '../database/transaction.ts'
import type { Cell } from '../model/cell.ts'
import type { TaskId } from '../model/task-id.ts'

/** The next offset to read of one source partition, with the identity of its topic where the client knows it. */
export interface SourcePosition {
  readonly topic: string
  readonly partition: number
  readonly nextOffset: bigint
  readonly topicId?: string | undefined
  /** The newest leader epoch of what was fetched before it, or behind it; where the client knows it (KIP-320). */
  readonly leaderEpoch?: number | undefined
}

/** Rows that have expired: those of a range, as many of them as its limit says. */
export interface RowSweep {
  readonly range: KeyRange
  /** Told how many rows that deleted, while the transaction is still open. */
  readonly swept: (rows: number) => void
}

/** Changes of one table: keys to delete and rows to write; no key occurs in both, none twice. */
export interface TableChanges {
  readonly table: Table
  readonly upserts: readonly Row[]
  readonly deletes: readonly (readonly Cell[])[]
  /** Of other rows than these. */
  readonly sweeps?: readonly RowSweep[]
}

/** A batch of outgoing records, encoded for the outbox. */
export interface OutboxBatch {
  readonly sequence: bigint
  /** Encoded records, each part at most 8 MB unless a single record is larger. */
  readonly parts: readonly Uint8Array[]
}

/** The name of one outbox row. */
export interface OutboxKey {
  readonly sequence: bigint
  readonly part: number
}

/** Everything of one task that becomes durable together, or not at all. Sealed: nothing in it changes any more. */
export interface CommitUnit {
  readonly taskId: TaskId
  readonly epoch: bigint
  /** Sequence of the task's last outbox batch, this unit's included. */
  readonly sequence: bigint
  readonly streamTime: number
  /** Every source partition of the task, moved or not. */
  readonly positions: readonly SourcePosition[]
  /** Of partitions that the task does not read any more, where what the database says of them is ahead. */
  readonly unread: readonly SourcePosition[]
  readonly changes: readonly TableChanges[]
  readonly outbox: OutboxBatch | undefined
  /** Outbox rows whose Kafka transaction is known to be committed: they go with this commit. */
  readonly published: readonly OutboxKey[]
}
