import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { NodeContext } from '../../topology/processing/node-context.ts'
import type {
  Cancellable,
  Punctuation,
  PunctuationType,
} from '../../topology/processing/punctuation.ts'

interface Schedule {
  readonly punctuation: Punctuation
  next: number
}

/** What time it is when a schedule is made. */
type Now = Pick<NodeContext, 'streamTime' | 'wallClock'>

/** Kept in place of the next time of a schedule that was cancelled: it stays so after a restart. */
const CANCELLED = Number.MAX_SAFE_INTEGER

/**
 * What a task's nodes want to be called for. By stream time a schedule is due with the first record, by the wall clock one interval
 * after it was made. A time that was missed is skipped: after a long pause a schedule is due once.
 */
export class Punctuations {
  readonly #schedules: Record<PunctuationType, Schedule[]> = { 'stream-time': [], 'wall-clock': [] }

  /** @param now Both times. @throws TypeError when the interval is not a number of milliseconds above 0. */
  schedule(punctuation: Punctuation, now: Now): Cancellable {
    const { type, intervalMs, node } = punctuation
    if (!(intervalMs >= 1))
      throw new TypeError(`the interval of a punctuation of ${node} has to be at least 1 ms`)
    const { kept } = punctuation
    const first = firstOf(punctuation, now)
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
      due.next = after({ next: due.next, intervalMs: due.punctuation.intervalMs }, now)
      if (due.punctuation.kept) due.punctuation.kept.value = due.next
      await due.punctuation.punctuate(now)
    }
  }

  #cancel(type: PunctuationType, schedule: Schedule): void {
    if (schedule.punctuation.kept) schedule.punctuation.kept.value = CANCELLED
    this.#schedules[type] = this.#schedules[type].filter((one) => one !== schedule)
  }
}

function firstOf({ type, intervalMs, startMs }: Punctuation, now: Now): number {
  if (startMs === undefined) return type === 'stream-time' ? 0 : now.wallClock + intervalMs
  const time = type === 'stream-time' ? now.streamTime : now.wallClock
  return startMs < time ? after({ next: startMs, intervalMs }, time) : startMs
}

/** The first time after now that lies a whole number of intervals after the last. */
function after({ next, intervalMs }: { next: number; intervalMs: number }, now: number): number {
  return next + (Math.floor((now - next) / intervalMs) + 1) * intervalMs
}
