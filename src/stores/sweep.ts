import type { RowSweep } from '../commit/commit-unit.ts'

/** Rows that one commit deletes at least, if there are as many. A guess: some milliseconds of a transaction. */
const ROWS_MIN = 1_000

/**
 * Has expired rows deleted in batches, with the commits of their task: a batch each time until none are left, then again when as
 * much time has expired as Kafka Streams puts into a segment.
 */
export class Sweep {
  readonly #partition: number
  readonly #segmentMs: number
  /** Everything before this was swept. */
  #swept = -1

  constructor(partition: number, segmentMs: number) {
    this.#partition = partition
    this.#segmentMs = segmentMs
  }

  /**
   * The batch of a commit, if it is time for one.
   * @param firstKept Rows before this time have expired.
   * @param written Rows that the commit writes: twice as many may go, so that sweeping keeps up.
   */
  next(firstKept: number, written: number): RowSweep | undefined {
    if (firstKept < this.#swept + this.#segmentMs) return undefined
    const limit = Math.max(ROWS_MIN, 2 * written)
    const to = { cell: firstKept, inclusive: false }
    return {
      range: { by: 'index', prefix: [this.#partition], to, limit },
      // Told before the commit is durable: if it fails, those rows go with the next segment.
      swept: (rows) => {
        if (rows < limit) this.#swept = firstKept
      },
    }
  }
}
