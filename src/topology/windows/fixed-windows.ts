/** Start and end of a window, in milliseconds; the start is included. */
export interface WindowBounds {
  readonly start: number
  readonly end: number
}

/** Windows that lie where they lie, whatever records come; their ends are excluded. */
export interface FixedWindows {
  /** Infinite where windows have no end. */
  readonly sizeMs: number
  readonly graceMs: number
  /** The windows that a time is in, the earliest first. */
  windowsFor(timestamp: number): readonly WindowBounds[]
}
