import type { Clock } from '../telemetry/clock.ts'

const FIRST_MS = 10
const LAST_MS = 1_000

/** Waits that double from 10 ms to 1 s, within a time limit. */
export class Backoff {
  readonly #clock: Clock
  readonly #deadline: number
  readonly #signal: AbortSignal | undefined
  #nextMs = FIRST_MS

  constructor(clock: Clock, limitMs: number, signal?: AbortSignal) {
    this.#clock = clock
    this.#deadline = clock.now() + limitMs
    this.#signal = signal
  }

  /** Waits and answers `true`; `false` when the time is used up or the signal has aborted. */
  async wait(): Promise<boolean> {
    if (this.#clock.now() + this.#nextMs > this.#deadline || this.#signal?.aborted) return false
    await this.#clock.sleep(this.#nextMs, this.#signal)
    this.#nextMs = Math.min(LAST_MS, this.#nextMs * 2)
    return !this.#signal?.aborted
  }
}
