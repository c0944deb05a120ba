import type { RowSweep } from '../commit/commit-unit.ts'

/** Rows that one commit deletes at least, if there are as many. A guess: some milliseconds of a transaction. */
const ROWS_MIN = 1_000

/**
 * Rows that are written before the expired rows of a cached store are swept: about as many as the cache of Kafka Streams holds by
 * default. A guess.
 */
const PATIENCE_ROWS = 10_000

/**
 * Has expired rows deleted in batches, with the commits of their task: a batch each time until none are left, then again when as
 * much time has expired as Kafka Streams puts into a segment. A patient one waits for {@link PATIENCE_ROWS} as well.
 */
export class Sweep {
  readonly #partition: number
  readonly #segmentMs: number
  readonly #patience: number
  /** Everything before this was swept. */
  #swept = -1
  /** Everything before this is being swept, or was. */
  #begun = -Infinity
  /** Rows written since the last sweep. */
  #written = 0

  constructor(partition: number, segmentMs: number, isPatient: boolean) {
    this.#partition = partition
    this.#segmentMs = segmentMs
    this.#patience = isPatient ? PATIENCE_ROWS : 0
  }

  /** Rows before this time may be gone; not known after a restart. */
  get begunUpTo(): number {
    return this.#begun
  }

  /**
   * The batch of a commit, if it is time for one.
   * @param firstKept Rows before this time have expired.
   * @param written Rows that the commit writes: twice as many may go, so that sweeping keeps up.
   */
  next(firstKept: number, written: number): RowSweep | undefined {
    this.#written += written
    if (firstKept < this.#swept + this.#segmentMs || this.#written < this.#patience)
      return undefined
    this.#begun = firstKept
    const limit = Math.max(ROWS_MIN, 2 * written)
    const to = { cell: firstKept, inclusive: false }
    return {
      range: { by: 'index', prefix: [this.#partition], to, limit },
      // Told before the commit is durable: if it fails, those rows go with the next segment.
      swept: (rows) => {
        if (rows >= limit) return
        this.#swept = firstKept
        this.#written = 0
      },
    }
  }
}
