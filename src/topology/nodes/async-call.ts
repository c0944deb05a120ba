import type { RecordOrigin } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { ValueFunction } from '../processing/functions.ts'

/** What came of a call. */
export type CallOutcome =
  | { readonly isFailed: false; readonly value: unknown }
  | { readonly isFailed: true; readonly error: unknown }

/** How a function is called. */
export interface CallOptions {
  readonly mapper: ValueFunction<unknown>
  /** How long a result may take; infinity for ever. */
  readonly timeoutMs: number
}

/** The longest that a timer runs. */
const TIMER_MS_MAX = 2 ** 31 - 1

/** A record whose value is being made, and what it came from. */
export class AsyncCall {
  readonly record: StreamRecord
  readonly origin: RecordOrigin | undefined
  /** Fulfilled when there is an outcome, whichever. */
  readonly ended: Promise<void>
  #end!: () => void
  #outcome: CallOutcome | undefined
  #isCancelled = false
  #timer: NodeJS.Timeout | undefined

  constructor(record: StreamRecord, origin: RecordOrigin | undefined) {
    this.record = record
    this.origin = origin
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }

  get isDone(): boolean {
    return this.#outcome !== undefined
  }

  get outcome(): CallOutcome | undefined {
    return this.#outcome
  }

  /**
   * Calls a function, after another call where there is one. Never rejects: a failure is told in its turn. A call that takes too long
   * has failed, and the next one of its key begins.
   */
  async run(
    options: CallOptions,
    before: Promise<void> | undefined,
    onDone: () => void,
  ): Promise<void> {
    if (before) await before
    if (this.#isCancelled) return
    this.#outcome = await this.#outcomeOf(options)
    this.#end()
    onDone()
  }

  /** What has not begun does not begin; what is under way is left to itself. */
  cancel(): void {
    this.#isCancelled = true
    clearTimeout(this.#timer)
  }

  async #outcomeOf({ mapper, timeoutMs }: CallOptions): Promise<CallOutcome> {
    try {
      const result = mapper(this.record.value, this.record.key)
      return { isFailed: false, value: await this.#inTime(result, timeoutMs) }
    } catch (error) {
      return { isFailed: true, error }
    }
  }

  #inTime(result: unknown, timeoutMs: number): unknown {
    if (timeoutMs > TIMER_MS_MAX) return result
    const late = new Promise<never>((_, reject) => {
      this.#timer = setTimeout(() => reject(new CallTimeout(timeoutMs)), timeoutMs)
    })
    return Promise.race([result, late]).finally(() => clearTimeout(this.#timer))
  }
}

/** Becomes a `PROCESSING_FAILED` of the record. */
class CallTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no result within ${timeoutMs} ms`)
  }
}
