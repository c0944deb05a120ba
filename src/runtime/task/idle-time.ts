/** Lets the stream time of a task go on with the clock where no records come: by as much as the clock has moved since the last. */
export class IdleTime {
  readonly #afterMs: number
  #heardAt = 0
  #streamTime = -1
  #next = Infinity

  /** @param afterMs How long no record has to have come; infinity for never. */
  constructor(afterMs: number, now: number, streamTime: number) {
    this.#afterMs = afterMs
    this.heard(now, streamTime)
  }

  /** By the clock, when to look next; infinity where there is no stream time to move. */
  get next(): number {
    return this.#next
  }

  /** Records have come, or may come yet. */
  heard(now: number, streamTime: number): void {
    this.#heardAt = now
    this.#streamTime = streamTime
    this.#next = streamTime < 0 ? Infinity : now + this.#afterMs
  }

  /** The stream time that it is now. @param emptyAt When there was nothing to hear for certain: time that nobody knows of does not count. */
  advance(now: number, emptyAt: number): number {
    this.#next = now + this.#afterMs
    return this.#streamTime + Math.max(0, Math.min(now, emptyAt) - this.#heardAt)
  }
}
