import { passingDelayMs } from './admin-request.ts'
import type { Brokers } from './brokers.ts'
import { monotonicMs } from './retry.ts'

/** Until then a first join, or a later one, is tried again while brokers are away. */
const START_TIMEOUT_MS = 30_000
const REJOIN_TIMEOUT_MS = 5 * 60_000

/** How long a member goes on trying that does not reach its group. */
export class MemberPatience {
  readonly #brokers: Brokers
  /** When the first of an unbroken row of failures happened. */
  #failingSince: number | undefined
  #hasJoined = false

  constructor(brokers: Brokers) {
    this.#brokers = brokers
  }

  /** It is a member. */
  renew(): void {
    this.#failingSince = undefined
    this.#hasJoined = true
  }

  /** How long to wait before the next attempt; `undefined` where the failure stays, or has lasted too long. */
  delayMs(error: unknown, attempt: number): number | undefined {
    return this.hasTime() ? passingDelayMs(this.#brokers, error, attempt) : undefined
  }

  hasTime(): boolean {
    this.#failingSince ??= monotonicMs()
    const limitMs = this.#hasJoined ? REJOIN_TIMEOUT_MS : START_TIMEOUT_MS
    return monotonicMs() - this.#failingSince < limitMs
  }
}
