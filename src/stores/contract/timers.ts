/** What moves the time that a timer waits for: records, or the clock. */
export type TimerType = 'stream-time' | 'wall-clock'

/** Something that is to happen at a time. */
export interface Timer {
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly type: TimerType
}

/** The timers of one node, by keys of its choice. They are stored with the task's state. */
export interface Timers {
  /**
   * Sets the timer of a key, in place of the one that it has. One whose time has passed is due at once.
   * @throws TypeError when the time is not a whole number of milliseconds, StoreRefusedError `STORE_REFUSED` when no database can
   *   hold the key.
   */
  set(key: string, at: number, type?: TimerType): void
  get(key: string): Timer | undefined
  /** Whether there was one. */
  delete(key: string): boolean
}
