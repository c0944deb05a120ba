import { checkDuration } from './check-duration.ts'

/** Options of {@link SessionWindows.of}, in milliseconds. */
export interface SessionWindowsOptions {
  /** Records that lie no further apart belong to one session. */
  readonly gapMs: number
  /** How long after the gap a session takes records that are late. Default 0. */
  readonly graceMs?: number
}

/**
 * Sessions: records of a key without a longer gap between them. They grow, and merge. Start and end are included.
 *
 * @example
 * ```ts
 * clicks.groupByKey().windowedBy(SessionWindows.of({ gapMs: 5 })).count()
 * // in : ('ann', 'x') at 1, ('ann', 'x') at 6, ('ann', 'x') at 12
 * // out: ({ key: 'ann', start: 1, end: 1 }, 1) ({ key: 'ann', start: 1, end: 1 }, null) ({ key: 'ann', start: 1, end: 6 }, 2)
 * //      ({ key: 'ann', start: 12, end: 12 }, 1)
 * ```
 */
export class SessionWindows {
  readonly gapMs: number
  readonly graceMs: number

  private constructor({ gapMs, graceMs = 0 }: SessionWindowsOptions) {
    checkDuration('gapMs of sessions', gapMs)
    checkDuration('graceMs of sessions', graceMs)
    this.gapMs = gapMs
    this.graceMs = graceMs
    Object.freeze(this)
  }

  /** @throws TypeError unless both are whole milliseconds and not negative. */
  static of(options: SessionWindowsOptions): SessionWindows {
    return new SessionWindows(options)
  }
}
