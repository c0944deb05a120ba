import { formatPosition, type RecordPosition } from '../model/record.ts'
import type { TaskId } from '../model/task-id.ts'

/**
 * What the runtime does about a failure.
 * `retry`: try the same again, for a time · `wait`: try the same again until it works · `skip`: leave the record out, counted and logged · `rejoin`: the task is not ours any
 * more, or may not be: prove ownership anew · `restore`: rebuild the store · `stop`: a person has to decide.
 */
export type Reaction = 'retry' | 'wait' | 'skip' | 'rejoin' | 'restore' | 'stop'

/** What an error may know besides its message. */
export interface ErrorContext {
  readonly cause?: unknown
  /** The record it is about; named in the message. */
  readonly position?: RecordPosition | undefined
  readonly taskId?: TaskId | undefined
}

const BRAND = Symbol.for('rowstream.StreamsError')

/** The base of every failure that leaves a port. Codes are stable within a major version; messages are not. */
export abstract class StreamsError extends Error {
  abstract readonly code: string
  abstract readonly reaction: Reaction
  /** The record it is about. */
  position: RecordPosition | undefined
  taskId: TaskId | undefined
  readonly [BRAND] = true

  constructor(message: string, { cause, position, taskId }: ErrorContext = {}) {
    super(position ? `${message} (at ${formatPosition(position)})` : message, { cause })
    this.name = new.target.name
    this.position = position
    this.taskId = taskId
  }

  /** Adds the place of the record, for an error that was thrown where the place is not known. */
  at(position: RecordPosition | undefined, taskId?: TaskId): this {
    if (position && !this.position) {
      this.position = position
      this.message += ` (at ${formatPosition(position)})`
    }
    this.taskId ??= taskId
    return this
  }

  /** `instanceof` across two installed copies of the package. */
  static is(error: unknown): error is StreamsError {
    return typeof error === 'object' && error !== null && BRAND in error
  }
}
