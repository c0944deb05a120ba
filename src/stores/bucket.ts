import type { Cell } from '../model/cell.ts'

/** A row of a bucket: its place there (window start; session end and start; …), and what it holds. */
export interface BucketRow<V> {
  readonly at: readonly number[]
  readonly value: V
  /** Milliseconds. */
  readonly timestamp: number
}

/** All rows of one key, in the order of their places. */
export class Bucket<V> {
  readonly keyCell: Cell
  /** The unit that last wrote into it; 0 once that unit is durable, or when it was only read. A dirty bucket is never evicted. */
  dirtyIn = 0
  /** The unit in which it was last handed out. */
  usedIn = 0
  readonly #rows: BucketRow<V>[]
  /** Places written in the open unit. */
  #written = new Map<string, readonly number[]>()

  /** @param rows In order. */
  constructor(keyCell: Cell, rows: BucketRow<V>[]) {
    this.keyCell = keyCell
    this.#rows = rows
  }

  /** In the order of their places. */
  get rows(): readonly BucketRow<V>[] {
    return this.#rows
  }

  get(at: readonly number[]): BucketRow<V> | undefined {
    const row = this.#rows[this.#indexOf(at)]
    return row && comparePlaces(row.at, at) === 0 ? row : undefined
  }

  /** Rows from one place to another, both included; a place may be given by its first numbers alone. */
  between(from: readonly number[], to: readonly number[]): readonly BucketRow<V>[] {
    const first = this.#indexOf(from)
    let end = first
    while (end < this.#rows.length && comparePlaces(this.#rows[end]!.at, to) <= 0) end++
    return this.#rows.slice(first, end)
  }

  /** Only by the store, which has to know of it. */
  write(at: readonly number[], row: BucketRow<V> | undefined): void {
    const index = this.#indexOf(at)
    const isThere = this.#rows[index] !== undefined && comparePlaces(this.#rows[index].at, at) === 0
    this.#rows.splice(index, isThere ? 1 : 0, ...(row ? [row] : []))
    this.#written.set(at.join(), at)
  }

  /** Leaves out the rows before a place, which have expired; nothing is written. */
  forgetBefore(at: readonly number[]): void {
    const end = this.#indexOf(at)
    if (end > 0) this.#rows.splice(0, end)
  }

  /** Places written since it was last asked, and what is there now. */
  takeWritten(): (readonly [at: readonly number[], row: BucketRow<V> | undefined])[] {
    const written = [...this.#written.values()]
    this.#written = new Map()
    return written.map((at) => [at, this.get(at)] as const)
  }

  /** The index of the first row that is not before a place. */
  #indexOf(at: readonly number[]): number {
    let [low, high] = [0, this.#rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (comparePlaces(this.#rows[middle]!.at, at) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** By their first numbers, then the next; a place that ends early is equal to all that begin like it. */
export function comparePlaces(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const difference = one[index]! - other[index]!
    if (difference !== 0) return difference
  }
  return 0
}
