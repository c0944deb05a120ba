import { checkDuration } from './check-duration.ts'
import type { FixedWindows, WindowBounds } from './fixed-windows.ts'

/** Options of {@link UnlimitedWindows.of}. */
export interface UnlimitedWindowsOptions {
  /** Milliseconds since the epoch. Default 0. */
  readonly startMs?: number
}

/**
 * One window for each key, from a start on; it never closes, and its rows never expire. Records before the start are in none.
 *
 * @example
 * ```ts
 * clicks.groupByKey().windowedBy(UnlimitedWindows.of({ startMs: 10 })).count()
 * // in : ('ann', 'x') at 9, ('ann', 'x') at 10, ('ann', 'x') at 1000
 * // out: ({ key: 'ann', start: 10, end: Infinity }, 1) ({ key: 'ann', start: 10, end: Infinity }, 2)
 * ```
 */
export class UnlimitedWindows implements FixedWindows {
  readonly startMs: number
  readonly sizeMs = Infinity
  readonly graceMs = 0

  private constructor({ startMs = 0 }: UnlimitedWindowsOptions) {
    checkDuration('startMs of windows', startMs)
    this.startMs = startMs
    Object.freeze(this)
  }

  /** @throws TypeError unless startMs is a whole number and not negative. */
  static of(options: UnlimitedWindowsOptions = {}): UnlimitedWindows {
    return new UnlimitedWindows(options)
  }

  windowsFor(timestamp: number): readonly WindowBounds[] {
    return timestamp < this.startMs ? [] : [{ start: this.startMs, end: Infinity }]
  }
}
