import type { MaybePromise } from '../../model/maybe-promise.ts'

/** What advances the time of a punctuation: records, or the clock. */
export type PunctuationType = 'stream-time' | 'wall-clock'

/** A function to be called again and again. Source: `ProcessingContext.schedule`. */
export interface Punctuation {
  readonly node: string
  readonly type: PunctuationType
  readonly intervalMs: number
  /** Called with the time that made it due. Times that were missed are not made up for. */
  readonly punctuate: (timestamp: number) => MaybePromise
}

/** What can be called off. */
export interface Cancellable {
  cancel(): void
}
