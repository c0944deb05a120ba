import type { Clock } from '../../src/telemetry/clock.ts'

interface Sleeper {
  readonly at: number
  wake(): void
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: number
  #sleepers: Sleeper[] = []
  /** How long each sleep was asked to last. */
  readonly asked: number[] = []

  constructor(now = 1_700_000_000_000) {
    this.#now = now
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.length
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.asked.push(ms)
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const sleeper = { at: this.#now + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', () => this.#wake((one) => one === sleeper))
    })
  }

  /** Moves the time; may go back, as a machine's does when it is set. */
  advance(ms: number): void {
    this.#now += ms
    this.#wake(({ at }) => at <= this.#now)
  }

  #wake(isDue: (sleeper: Sleeper) => boolean): void {
    const due = this.#sleepers.filter(isDue)
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper))
    for (const { wake } of due) wake()
  }
}

/** A clock whose sleeps end at once and move the time by what they were asked for. */
export class EagerClock implements Clock {
  #now = 0
  readonly asked: number[] = []

  now(): number {
    return this.#now
  }

  sleep(ms: number): Promise<void> {
    this.asked.push(ms)
    this.#now += ms
    return Promise.resolve()
  }

  /** Moves the time; may go back, as a machine's does when it is set. */
  advance(ms: number): void {
    this.#now += ms
  }
}
