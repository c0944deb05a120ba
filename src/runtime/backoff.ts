import type { Clock } from '../telemetry/clock.ts'

const FIRST_MS = 10
const LAST_MS = 1_000

/** Waits that double from 10 ms to 1 s, within a time limit or without one. */
export class Backoff {
  readonly #clock: Clock
  readonly #limitMs: number
  #deadline: number
  readonly #signal: AbortSignal | undefined
  #nextMs = FIRST_MS

  constructor(clock: Clock, limitMs: number, signal?: AbortSignal) {
    this.#clock = clock
    this.#limitMs = limitMs
    this.#deadline = clock.now() + limitMs
    this.#signal = signal
  }

  /** Waits and answers `true`; `false` when the time is used up or the signal has aborted. */
  async wait(): Promise<boolean> {
    if (this.#clock.now() + this.#nextMs > this.#deadline) return false
    return this.#pause()
  }

  /** As {@link wait}, but for what has no limit; that of what comes after it begins anew. */
  async waitOn(): Promise<boolean> {
    const goesOn = await this.#pause()
    this.#deadline = this.#clock.now() + this.#limitMs
    return goesOn
  }

  async #pause(): Promise<boolean> {
    if (this.#signal?.aborted) return false
    await this.#clock.sleep(this.#nextMs, this.#signal)
    this.#nextMs = Math.min(LAST_MS, this.#nextMs * 2)
    return !this.#signal?.aborted
  }
}
