import type { TableChanges } from '../commit/commit-unit.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'

/** A store's part of a sealed unit, and what to call when it is durable. */
export interface SealedChanges {
  readonly changes: TableChanges
  committed(): void
}

/**
 * What a task does with each of its stores, whatever kind it is. Nodes see the contract of the kind; both are the same object.
 *
 * A store begins with what the database has under the task's claim, stages writes in the open unit, and hands the unit's changes
 * over at {@link seal}. It dies with the claim.
 */
export interface TaskStore {
  readonly name: string
  /** Estimated size of what is written in the open unit, 0 where nothing is: too much triggers a commit. */
  readonly dirtyBytes: number
  /** Reads what has to be in memory before the first record. Most stores read when they are asked. */
  open?(): Promise<void>
  /** Reads what is not known yet of these keys, so that the store answers at once when a record asks. */
  readAhead?(keys: Iterable<unknown>): MaybePromise
  /** Ends the open unit: later writes belong to the next one. */
  seal(): SealedChanges
}
