import type { Database } from '../database/database.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { TaskId } from '../model/task-id.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import type { OutputQueue } from './output-queue.ts'

/** An application under test, as the driver sees it. */
export interface TestedApplication {
  readonly topology: RunnableTopology
  /** Tasks that are processed. */
  readonly tasks: readonly TaskId[]
  /** Partitions of every topic that is read or written. */
  readonly partitionsOf: ReadonlyMap<string, number>
  readonly database: Database
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves when everything that the records cause is processed, committed and published. */
  pipe(records: readonly OutgoingRecord[]): Promise<void>
  /** Commits what is processed and what comes of it. */
  commit(): Promise<void>
  /** Moves the clock; what it makes due is done when this resolves. */
  advanceWallClockTime(ms: number): Promise<void>
  /** Topics that are written, or were, where functions choose them. */
  readonly topicsWritten: readonly string[]
  /** The records of an output topic that nobody has taken; `undefined` for a topic that is not written. */
  queueOf(topic: string): OutputQueue | undefined
  /** Stops and starts again with what the database has. */
  restart(): Promise<void>
  /** Ends without a commit, and starts again with what the database has. */
  crash(): Promise<void>
  /** Stops, and closes everything that was opened, what was handed in excepted. Idempotent. */
  close(): Promise<void>
}
