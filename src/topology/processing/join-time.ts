import { waitingTimeOf } from '../../model/kept-time-name.ts'
import type { KeptTime } from '../../stores/contract/kept-time.ts'
import type { NodeContext } from './node-context.ts'

/** What both sides of a stream-stream join know of time. It survives restarts. */
export class JoinTime {
  readonly #streamTime: KeptTime
  readonly #oldestWaiting: KeptTime

  /** @param join Name that both sides share. */
  constructor(join: string, context: NodeContext) {
    this.#streamTime = context.time(join)
    this.#oldestWaiting = context.time(waitingTimeOf(join))
  }

  /** Highest timestamp of the records of both sides. */
  get streamTime(): number {
    return this.#streamTime.value
  }

  /** Time of the oldest record that waits for a partner, as far as is known; infinity where none does. */
  get oldestWaiting(): number {
    return this.#oldestWaiting.value < 0 ? Infinity : this.#oldestWaiting.value
  }

  set oldestWaiting(time: number) {
    this.#oldestWaiting.value = time === Infinity ? -1 : time
  }

  advance(timestamp: number): void {
    this.#streamTime.value = Math.max(this.#streamTime.value, timestamp)
  }

  /** A record of that time begins to wait. */
  wait(timestamp: number): void {
    this.oldestWaiting = Math.min(this.oldestWaiting, timestamp)
  }

  /** Whether the oldest record that waits may still find a partner, so long after it. */
  isOpen(durationMs: number): boolean {
    return this.oldestWaiting + durationMs >= this.streamTime
  }
}
