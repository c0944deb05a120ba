import type { RecordOrigin } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { ValueFunction } from '../processing/functions.ts'

/** What came of a call. */
export type CallOutcome =
  | { readonly isFailed: false; readonly value: unknown }
  | { readonly isFailed: true; readonly error: unknown }

/** A record whose value is being made, and what it came from. */
export class AsyncCall {
  readonly record: StreamRecord
  readonly origin: RecordOrigin | undefined
  /** Fulfilled when there is an outcome, whichever. */
  readonly ended: Promise<void>
  #end!: () => void
  #outcome: CallOutcome | undefined

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

  /** Calls a function, after another call where there is one. Never rejects: a failure is told in its turn. */
  async run(
    mapper: ValueFunction<unknown>,
    before: Promise<void> | undefined,
    onDone: () => void,
  ): Promise<void> {
    if (before) await before
    try {
      const value = await mapper(this.record.value, this.record.key)
      this.#outcome = { isFailed: false, value }
    } catch (error) {
      this.#outcome = { isFailed: true, error }
    }
    this.#end()
    onDone()
  }
}
