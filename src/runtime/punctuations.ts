import type { MaybePromise } from '../model/maybe-promise.ts'
import type {
  Cancellable,
  Punctuation,
  PunctuationType,
} from '../topology/processing/punctuation.ts'

interface Schedule {
  readonly punctuation: Punctuation
  next: number
}

/** Kept in place of the next time of a schedule that was cancelled: it stays so after a restart. */
const CANCELLED = Number.MAX_SAFE_INTEGER

/**
 * What a task's nodes want to be called for. By stream time a schedule is due with the first record, by the wall clock one interval
 * after it was made. A time that was missed is skipped: after a long pause a schedule is due once.
 */
export class Punctuations {
  readonly #schedules: Record<PunctuationType, Schedule[]> = { 'stream-time': [], 'wall-clock': [] }

  /** @param wallClock Milliseconds, now. @throws TypeError when the interval is not a number of milliseconds above 0. */
  schedule(punctuation: Punctuation, wallClock: number): Cancellable {
    const { type, intervalMs, node } = punctuation
    if (!(intervalMs >= 1))
      throw new TypeError(`the interval of a punctuation of ${node} has to be at least 1 ms`)
    const { kept } = punctuation
    const first = type === 'stream-time' ? 0 : wallClock + intervalMs
    const schedule = { punctuation, next: kept && kept.value >= 0 ? kept.value : first }
    if (kept) kept.value = schedule.next
    if (schedule.next !== CANCELLED) this.#schedules[type].push(schedule)
    return { cancel: () => this.#cancel(type, schedule) }
  }

  /** When the next of a type is due; infinity where there is none. */
  nextOf(type: PunctuationType): number {
    let next = Infinity
    for (const schedule of this.#schedules[type]) if (schedule.next < next) next = schedule.next
    return next
  }

  /** Calls what is due at a time, one after the other, the longest overdue first. */
  run(type: PunctuationType, now: number): MaybePromise {
    return this.nextOf(type) <= now ? this.#runDue(type, now) : undefined
  }

  async #runDue(type: PunctuationType, now: number): Promise<void> {
    for (;;) {
      const due = this.#schedules[type]
        .filter(({ next }) => next <= now)
        .toSorted((a, b) => a.next - b.next)[0]
      if (!due) return
      // Before the call: it may schedule, cancel and throw.
      due.next = after(due, now)
      if (due.punctuation.kept) due.punctuation.kept.value = due.next
      await due.punctuation.punctuate(now)
    }
  }

  #cancel(type: PunctuationType, schedule: Schedule): void {
    if (schedule.punctuation.kept) schedule.punctuation.kept.value = CANCELLED
    this.#schedules[type] = this.#schedules[type].filter((one) => one !== schedule)
  }
}

/** The first time after now that lies a whole number of intervals after the last. */
function after({ next, punctuation: { intervalMs } }: Schedule, now: number): number {
  return next + (Math.floor((now - next) / intervalMs) + 1) * intervalMs
}
