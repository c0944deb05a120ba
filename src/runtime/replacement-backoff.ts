import type { Clock } from '../telemetry/clock.ts'
import { Backoff } from './backoff.ts'

/** A worker that has lived so long did some work: the next one need not wait for its failures. A guess. */
const SETTLED_MS = 60_000

/**
 * Waits before a worker that has failed is replaced, longer each time, as {@link Backoff}: one that fails at once would be replaced in
 * a loop, with a rebalance of the whole group each time. After a worker that has lived for a minute it begins anew.
 */
export class ReplacementBackoff {
  readonly #clock: Clock
  readonly #signal: AbortSignal
  #backoff: Backoff
  #replacedAt = -Infinity

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.#signal = signal
    this.#backoff = this.#anew()
  }

  /** Resolves when the next worker may begin, or at once when the signal aborts. */
  async wait(): Promise<void> {
    if (this.#clock.now() - this.#replacedAt >= SETTLED_MS) this.#backoff = this.#anew()
    await this.#backoff.waitOn()
    this.#replacedAt = this.#clock.now()
  }

  #anew(): Backoff {
    return new Backoff(this.#clock, Infinity, this.#signal)
  }
}
