import { checkDuration } from './check-duration.ts'

/** Options of {@link SlidingWindows.of}, in milliseconds. */
export interface SlidingWindowsOptions {
  /** How far records of one window may lie apart. */
  readonly differenceMs: number
  /** How long after its end a window takes records that are late. Default 0. */
  readonly graceMs?: number
}

/**
 * Windows that end, or begin, with a record: all sets of records of a key that lie no further apart than the difference. Both
 * ends of a window are included. Records before the first difference share the window that begins at 0.
 *
 * @example
 * ```ts
 * clicks.groupByKey().windowedBy(SlidingWindows.of({ differenceMs: 5, graceMs: 10 })).count()
 * // in : ('ann', 'x') at 10, ('ann', 'x') at 12
 * // out: ({ key: 'ann', start: 5, end: 10 }, 1) ({ key: 'ann', start: 11, end: 16 }, 1) ({ key: 'ann', start: 7, end: 12 }, 2)
 * ```
 */
export class SlidingWindows {
  readonly differenceMs: number
  readonly graceMs: number

  private constructor({ differenceMs, graceMs = 0 }: SlidingWindowsOptions) {
    checkDuration('differenceMs of windows', differenceMs)
    checkDuration('graceMs of windows', graceMs)
    this.differenceMs = differenceMs
    this.graceMs = graceMs
    Object.freeze(this)
  }

  /** @throws TypeError unless both are whole milliseconds and not negative. */
  static of(options: SlidingWindowsOptions): SlidingWindows {
    return new SlidingWindows(options)
  }
}
