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
   *
   * @example
   * ```ts
   * orders.process({
   *   get: () => ({
   *     process: ({ key, timestamp }, context) => context.timers.set(key, timestamp + 60_000),
   *     onTimer: ({ key, at }, context) => context.forward({ key, value: 'unpaid', timestamp: at, headers: [] }),
   *   }),
   * })
   * // in : ('o1', 'tea') at 0 s, ('o1', 'milk') at 5 s, ('o2', 'tea') at 70 s
   * // out: ('o1', 'unpaid') at 65 s
   * ```
   * @throws TypeError when the time is not a whole number of milliseconds, StoreRefusedError `STORE_REFUSED` when no database can
   *   hold the key.
   */
  set(key: string, at: number, type?: TimerType): void
  /**
   * The timer of a key.
   *
   * @example
   * ```ts
   * orders.process({
   *   get: () => ({
   *     process: ({ key, timestamp }, context) => {
   *       if (!context.timers.get(key)) context.timers.set(key, timestamp + 60_000)
   *     },
   *     onTimer: ({ key, at }, context) => context.forward({ key, value: 'unpaid', timestamp: at, headers: [] }),
   *   }),
   * })
   * // in : ('o1', 'tea') at 0 s, ('o1', 'milk') at 5 s, ('o2', 'tea') at 70 s
   * // out: ('o1', 'unpaid') at 60 s
   * ```
   */
  get(key: string): Timer | undefined
  /**
   * Takes the timer of a key back, and answers whether there was one.
   *
   * @example
   * ```ts
   * orders.process({
   *   get: () => ({
   *     process: ({ key, value, timestamp }, context) => {
   *       if (value === 'paid') context.timers.delete(key)
   *       else context.timers.set(key, timestamp + 60_000)
   *     },
   *     onTimer: ({ key, at }, context) => context.forward({ key, value: 'unpaid', timestamp: at, headers: [] }),
   *   }),
   * })
   * // in : ('o1', 'tea') at 0 s, ('o2', 'milk') at 5 s, ('o1', 'paid') at 10 s, ('o3', 'tea') at 70 s
   * // out: ('o2', 'unpaid') at 65 s
   * ```
   */
  delete(key: string): boolean
}
