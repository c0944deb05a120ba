import type { Cell } from '../model/cell.ts'
import { cacheKey, entryBytes, type CacheEntry } from './cache-entry.ts'
import type { ValueAndTimestamp } from './contract/key-value-store.ts'

/** Records in a row that may leave a store alone, such as ones that were dropped, before their successors are found by key. */
const SKIPPED_MAX = 4

/** What the database has of a key: nothing, or a value, also as it is stored. */
export type FoundRow<V> = readonly [
  keyCell: Cell,
  current: ValueAndTimestamp<V> | undefined,
  valueCell?: Cell | undefined,
]

/**
 * The rows of one store that one task holds in memory, for one epoch.
 *
 * One map holds the newest value of each key, so reads overlay by themselves: open unit → units in flight → what was read.
 * {@link seal} ends the open unit and gives its entries; {@link committed} says that a unit is durable. Entries written in a
 * unit that is not durable yet stay; clean ones are evicted when the cache outgrows its bound.
 */
export class WriteBehindCache<V> {
  readonly #entries = new Map<unknown, CacheEntry<V>>()
  readonly #bytesMax: () => number
  #dirty: CacheEntry<V>[] = []
  #bytes = 0
  #dirtyBytes = 0
  #unit = 1
  #readsUnderWay = 0
  /** Entries of the keys that were looked ahead for, in the order in which they will be asked for, and the next of them. */
  #ahead: (CacheEntry<V> | undefined)[] = []
  #aheadAt = 0
  /** What {@link find} found last: a node that updates a row has just read it. */
  #foundKey: Cell | undefined
  #found: CacheEntry<V> | undefined

  /** @param bytesMax What it may hold, as of now. */
  constructor(bytesMax: () => number) {
    this.#bytesMax = bytesMax
  }

  /** Of the entries written in the open unit. */
  get dirtyBytes(): number {
    return this.#dirtyBytes
  }

  /** The entry of a key, or `undefined` when nothing is known about it. */
  find(keyCell: Cell): CacheEntry<V> | undefined {
    const entry = this.#foreseen(keyCell) ?? this.#entries.get(cacheKey(keyCell))
    if (entry) entry.usedIn = this.#unit
    this.#foundKey = keyCell
    this.#found = entry
    return entry
  }

  /** Whether something is known about a key, without counting as a use. */
  has(keyCell: Cell): boolean {
    return this.#entries.has(cacheKey(keyCell))
  }

  /**
   * Answers the keys of which nothing is known. The entries of the others are remembered: records come in the order in which
   * they were looked ahead for, and finding an entry by its place is several times as fast as by its key.
   */
  lookAhead(keyCells: readonly Cell[]): Cell[] {
    this.#aheadAt = 0
    this.#ahead = keyCells.map((keyCell) => this.#entries.get(cacheKey(keyCell)))
    return keyCells.filter((_, index) => this.#ahead[index] === undefined)
  }

  /** Stages the newest value of a key in the open unit. @param valueCell The value as it is stored: what its size is told by. */
  write(keyCell: Cell, current: ValueAndTimestamp<V> | undefined, valueCell?: Cell): void {
    const known = keyCell === this.#foundKey ? this.#found : this.#entries.get(cacheKey(keyCell))
    const entry = known ?? this.#add(keyCell, current, valueCell)
    this.#foundKey = undefined
    const isNew = entry.dirtyIn !== this.#unit
    if (isNew) this.#dirty.push(entry)
    const bytesBefore = isNew ? 0 : entry.bytes
    this.#resize(entry, current, valueCell)
    this.#dirtyBytes += entry.bytes - bytesBefore
    entry.dirtyIn = this.#unit
    entry.usedIn = this.#unit
  }

  /**
   * @param then Called when it is filled in, before anything can be evicted again.
   *
   * Runs a read of the database and fills in what it found. A key that became known meanwhile keeps its value, and nothing
   * is evicted while a read is under way: so a read that began before a commit ended never replaces what that commit staged.
   */
  async fill(read: () => Promise<Iterable<FoundRow<V>>>, then?: () => void): Promise<void> {
    this.#readsUnderWay++
    try {
      for (const [keyCell, found, valueCell] of await read())
        if (!this.has(keyCell)) this.#add(keyCell, found, valueCell)
      then?.()
    } finally {
      this.#readsUnderWay--
    }
  }

  /** Runs a read while nothing is evicted. */
  async during<T>(read: () => Promise<T>): Promise<T> {
    this.#readsUnderWay++
    try {
      return await read()
    } finally {
      this.#readsUnderWay--
    }
  }

  /** Entries that the database may not have yet. */
  staged(): CacheEntry<V>[] {
    return [...this.#entries.values()].filter(({ dirtyIn }) => dirtyIn !== 0)
  }

  /** What is known about a key, without counting as a use. */
  peek(keyCell: Cell): CacheEntry<V> | undefined {
    return this.#entries.get(cacheKey(keyCell))
  }

  /** Ends the open unit and answers the number of the unit and the entries written in it, with their values of now. */
  seal(): { readonly unit: number; readonly entries: readonly CacheEntry<V>[] } {
    const sealed = { unit: this.#unit, entries: this.#dirty }
    this.#dirty = []
    this.#dirtyBytes = 0
    this.#unit++
    return sealed
  }

  /** A sealed unit is durable: its entries are clean, unless a later unit wrote them again. */
  committed({
    unit,
    entries,
  }: {
    readonly unit: number
    readonly entries: readonly CacheEntry<V>[]
  }): void {
    for (const entry of entries) if (entry.dirtyIn === unit) entry.dirtyIn = 0
    if (this.#bytes > this.#bytesMax() && this.#readsUnderWay === 0) this.#evict()
  }

  /** The entry at the place where it was looked ahead for, or behind records that asked for nothing. */
  #foreseen(keyCell: Cell): CacheEntry<V> | undefined {
    for (let skipped = 0; skipped < SKIPPED_MAX; skipped++) {
      const entry = this.#ahead[this.#aheadAt + skipped]
      if (entry?.keyCell !== keyCell) continue
      this.#aheadAt += skipped + 1
      return entry
    }
    return undefined
  }

  /** Drops clean entries until three quarters of the bound are left: first those not used in this unit or the last. */
  #evict(): void {
    this.#foundKey = undefined
    this.#ahead = []
    const target = this.#bytesMax() * 0.75
    for (const usedBefore of [this.#unit - 1, Infinity]) {
      for (const entry of this.#entries.values()) {
        if (this.#bytes <= target) return
        if (entry.dirtyIn !== 0 || entry.usedIn >= usedBefore) continue
        this.#entries.delete(cacheKey(entry.keyCell))
        this.#bytes -= entry.bytes
      }
    }
  }

  #add(
    keyCell: Cell,
    current: ValueAndTimestamp<V> | undefined,
    valueCell: Cell | undefined,
  ): CacheEntry<V> {
    const bytes = entryBytes(keyCell, current && (valueCell ?? current.value))
    const entry = { keyCell, current, dirtyIn: 0, usedIn: this.#unit, bytes }
    this.#entries.set(cacheKey(keyCell), entry)
    this.#foundKey = undefined
    this.#bytes += bytes
    return entry
  }

  #resize(
    entry: CacheEntry<V>,
    current: ValueAndTimestamp<V> | undefined,
    valueCell: Cell | undefined,
  ): void {
    const bytes =
      typeof current?.value === 'number' && entry.current
        ? entry.bytes
        : entryBytes(entry.keyCell, current && (valueCell ?? current.value))
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
    entry.current = current
  }
}
