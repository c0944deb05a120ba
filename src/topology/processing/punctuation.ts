import type { KeptTime } from '../../stores/contract/kept-time.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'

/** What advances the time of a punctuation: records, or the clock. */
export type PunctuationType = 'stream-time' | 'wall-clock'

/** A function to be called again and again. Source: `ProcessingContext.schedule`. */
export interface Punctuation {
  readonly node: string
  readonly type: PunctuationType
  readonly intervalMs: number
  /** A time from which all calls are a whole number of intervals away; it may have passed. */
  readonly startMs?: number | undefined
  /** Called with the time that made it due. Times that were missed are not made up for. */
  readonly punctuate: (timestamp: number) => MaybePromise
  /** Where the time of the next call is kept, so that it goes on after a restart; without it the schedule begins anew. */
  readonly kept?: KeptTime
}

/** What can be called off. */
export interface Cancellable {
  cancel(): void
}
