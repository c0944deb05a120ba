/** Something with a key. */
export interface Keyed<K> {
  readonly key: K
}

/** Where a key lies against a range: before (negative), in it (0) or after (positive). */
export type Place<K> = (key: K) => number

/** A chunk that grows beyond this is cut in two. A guess: moving 512 pointers costs less than a tree's indirections. */
const MAX_CHUNK = 512

/** Entries in key order: a list of short sorted lists, none of them empty. */
export class SortedEntries<K, E extends Keyed<K>> {
  readonly #compare: (a: K, b: K) => number
  readonly #chunks: E[][] = []

  constructor(compare: (a: K, b: K) => number) {
    this.#compare = compare
  }

  get(key: K): E | undefined {
    const [chunk, at] = this.#find((other) => this.#compare(other, key))
    const entry = this.#chunks[chunk]?.[at]
    return entry && this.#compare(entry.key, key) === 0 ? entry : undefined
  }

  /** Adds the entry, or puts it in the place of the one with the same key. */
  set(entry: E): void {
    const [chunk, at] = this.#find((other) => this.#compare(other, entry.key))
    const found = this.#chunks[chunk]?.[at]
    if (found && this.#compare(found.key, entry.key) === 0)
      this.#chunks[chunk]?.splice(at, 1, entry)
    else this.#insert(chunk, at, entry)
  }

  delete(key: K): void {
    const [chunk, at] = this.#find((other) => this.#compare(other, key))
    const entries = this.#chunks[chunk]
    if (!entries?.[at] || this.#compare(entries[at].key, key) !== 0) return
    entries.splice(at, 1)
    if (entries.length === 0) this.#chunks.splice(chunk, 1)
  }

  /** The first entry behind a key, or the first of all. */
  after(key?: K): E | undefined {
    if (key === undefined) return this.#chunks[0]?.[0]
    const [chunk, at] = this.#find((other) => (this.#compare(other, key) <= 0 ? -1 : 0))
    return this.#chunks[chunk]?.[at]
  }

  /** The entries of a range, as they were when this was called. */
  within(place: Place<K>): E[] {
    const [first, start] = this.#find(place)
    const found: E[] = []
    for (let chunk = first; chunk < this.#chunks.length; chunk++) {
      const entries = this.#chunks[chunk] ?? []
      for (let at = chunk === first ? start : 0; at < entries.length; at++) {
        const entry = entries[at] as E
        if (place(entry.key) > 0) return found
        found.push(entry)
      }
    }
    return found
  }

  /** Chunk and index of the first entry that is not before `place`. */
  #find(place: Place<K>): [chunk: number, at: number] {
    const chunk = partitionPoint(this.#chunks, (entries) => place((entries.at(-1) as E).key) < 0)
    return [chunk, partitionPoint(this.#chunks[chunk] ?? [], ({ key }) => place(key) < 0)]
  }

  #insert(chunk: number, at: number, entry: E): void {
    // Behind the last entry of all: the last chunk grows.
    const last = this.#chunks.length - 1
    const entries = this.#chunks[chunk] ?? this.#chunks[last]
    if (!entries) {
      this.#chunks.push([entry])
      return
    }
    entries.splice(chunk > last ? entries.length : at, 0, entry)
    if (entries.length > MAX_CHUNK) {
      this.#chunks.splice(Math.min(chunk, last) + 1, 0, entries.splice(MAX_CHUNK / 2))
    }
  }
}

/** How many leading items satisfy the condition; those behind them must not. */
function partitionPoint<T>(items: readonly T[], condition: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (condition(items[middle] as T)) low = middle + 1
    else high = middle
  }
  return low
}
