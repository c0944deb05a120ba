import { systemClock, type Clock } from '../telemetry/clock.ts'

/** A clock that a test moves. Waiting takes no longer than on the system's clock. */
export class ToyClock implements Clock {
  readonly #base: () => number
  #advanced = 0

  /** @param base Milliseconds since the epoch; a clock that goes on by itself, or one that stands. */
  constructor(base: () => number) {
    this.#base = base
  }

  now(): number {
    return this.#base() + this.#advanced
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal)
  }

  /** @throws TypeError when it would go back. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new TypeError(`a clock does not go back: ${ms} ms`)
    this.#advanced += ms
  }
}
