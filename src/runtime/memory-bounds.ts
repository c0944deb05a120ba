/** What of an instance takes part in its bounds. */
export interface Sharer {
  readonly queues: readonly unknown[]
  readonly storeCount: number
}

const MB = 1024 * 1024
/** What waits in all queues before fetching pauses, and in one of them: a few answers of the broker. */
const QUEUES_BYTES_MAX = 64 * MB
const QUEUE_BYTES_MAX = 16 * MB
/** Rows that open units write, estimated: an instance may have as much in the commit under way. */
const WRITTEN_BYTES_MAX = 32 * MB
/** Of one task. Measured: 5,000–20,000 rows a statement are fastest; more only costs memory. */
const TASK_WRITTEN_BYTES_MAX = 16 * MB
/** Encoded records that open units send. */
const SENT_BYTES_MAX = 64 * MB
/** Of one task. Measured: with 4 MB more passes through than with 8 or 16, by less waiting and garbage. */
const TASK_SENT_BYTES_MAX = 4 * MB

/**
 * How much an instance holds in memory: however many tasks it has, the sum is bounded, and each has an equal share. A bound is looked
 * at before more is taken, so that a record that is larger goes through all the same.
 */
export class MemoryBounds {
  readonly #cacheBytesMax: number
  #tasks = 0
  #queues = 0
  #stores = 0

  /** @param cacheBytesMax Of the rows of all stores. */
  constructor(cacheBytesMax: number) {
    this.#cacheBytesMax = cacheBytesMax
  }

  /** A task is there. */
  add({ queues, storeCount }: Sharer): void {
    this.#tasks++
    this.#queues += queues.length
    this.#stores += storeCount
  }

  /** A task is gone. */
  remove({ queues, storeCount }: Sharer): void {
    this.#tasks--
    this.#queues -= queues.length
    this.#stores -= storeCount
  }

  /** Of what waits in one queue. */
  get queueBytes(): number {
    return Math.min(QUEUE_BYTES_MAX, QUEUES_BYTES_MAX / Math.max(1, this.#queues))
  }

  /** Of the rows that one task writes in its open unit. */
  get writtenBytes(): number {
    return Math.min(TASK_WRITTEN_BYTES_MAX, WRITTEN_BYTES_MAX / Math.max(1, this.#tasks))
  }

  /** Of the encoded records that one task sends in its open unit. */
  get sentBytes(): number {
    return Math.min(TASK_SENT_BYTES_MAX, SENT_BYTES_MAX / Math.max(1, this.#tasks))
  }

  /** Of the rows that one store holds. */
  get cacheBytes(): number {
    return this.#cacheBytesMax / Math.max(1, this.#stores)
  }
}
