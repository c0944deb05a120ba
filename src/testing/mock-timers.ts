import type { Timer, Timers, TimerType } from '../stores/contract/timers.ts'

/** Timers that are never due. */
export class MockTimers implements Timers {
  readonly #timers = new Map<string, Timer>()

  set(key: string, at: number, type: TimerType = 'stream-time'): void {
    if (!Number.isSafeInteger(at))
      throw new TypeError(`the timer ${key} has to be set to whole milliseconds, not ${at}`)
    this.#timers.set(key, { key, at, type })
  }

  get(key: string): Timer | undefined {
    return this.#timers.get(key)
  }

  delete(key: string): boolean {
    return this.#timers.delete(key)
  }
}
