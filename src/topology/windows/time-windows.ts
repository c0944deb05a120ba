import { checkDuration } from './check-duration.ts'
import type { FixedWindows, WindowBounds } from './fixed-windows.ts'

/** Options of {@link TimeWindows.of}, in milliseconds. */
export interface TimeWindowsOptions {
  readonly sizeMs: number
  /** From one window to the next; by default the size, so that windows tumble. Less than that, and they hop. */
  readonly advanceMs?: number
  /** How long after its end a window takes records that are late. Default 0. */
  readonly graceMs?: number
}

/**
 * Windows of a fixed size, aligned to the epoch: tumbling, or hopping when they overlap. A window's end is excluded.
 *
 * @example
 * ```ts
 * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 60_000 })).count()
 * // in : ('ann', 'x') at 59 s, ('ann', 'x') at 60 s
 * // out: ({ key: 'ann', start: 0, end: 60000 }, 1) ({ key: 'ann', start: 60000, end: 120000 }, 1)
 * ```
 * @example
 * ```ts
 * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 60_000, advanceMs: 20_000 })).count()
 * // in : ('ann', 'x') at 45 s
 * // out: ({ key: 'ann', start: 0, end: 60000 }, 1) ({ key: 'ann', start: 20000, end: 80000 }, 1)
 * //      ({ key: 'ann', start: 40000, end: 100000 }, 1)
 * ```
 * @example
 * ```ts
 * clicks.groupByKey().windowedBy(TimeWindows.of({ sizeMs: 10, graceMs: 5 })).count()
 * // in : ('ann', 'x') at 14, ('ann', 'x') at 9, ('ann', 'x') at 15, ('ann', 'x') at 8, which is too late
 * // out: ({ key: 'ann', start: 10, end: 20 }, 1) ({ key: 'ann', start: 0, end: 10 }, 1) ({ key: 'ann', start: 10, end: 20 }, 2)
 * ```
 */
export class TimeWindows implements FixedWindows {
  readonly sizeMs: number
  readonly advanceMs: number
  readonly graceMs: number

  private constructor({ sizeMs, advanceMs = sizeMs, graceMs = 0 }: TimeWindowsOptions) {
    checkDuration('sizeMs of windows', sizeMs, 1)
    checkDuration('advanceMs of windows', advanceMs, 1)
    checkDuration('graceMs of windows', graceMs)
    if (advanceMs > sizeMs)
      throw new TypeError(
        `advanceMs ${advanceMs} of windows would leave out what lies between them`,
      )
    this.sizeMs = sizeMs
    this.advanceMs = advanceMs
    this.graceMs = graceMs
    Object.freeze(this)
  }

  /** @throws TypeError unless 0 < advanceMs ≤ sizeMs and graceMs ≥ 0, all of them whole milliseconds. */
  static of(options: TimeWindowsOptions): TimeWindows {
    return new TimeWindows(options)
  }

  /** None begins before 0. */
  windowsFor(timestamp: number): readonly WindowBounds[] {
    const { sizeMs, advanceMs } = this
    const windows: WindowBounds[] = []
    const earliest = Math.max(0, timestamp - sizeMs + advanceMs)
    for (let start = earliest - (earliest % advanceMs); start <= timestamp; start += advanceMs)
      windows.push({ start, end: start + sizeMs })
    return windows
  }
}
