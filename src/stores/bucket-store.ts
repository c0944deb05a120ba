import type { Row, Table } from '../database/table.ts'
import type { KeySet, Reader } from '../database/transaction.ts'
import type { Cell } from '../model/cell.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import { whenReadable } from '../serdes/when-readable.ts'
import { Bucket, comparePlaces, type BucketRow } from './bucket.ts'
import { cacheKey, entryBytes } from './cache-entry.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** Keys of one read-ahead statement, each with all its rows. A guess. */
const READ_AHEAD_KEYS_MAX = 5_000

/** How rows of a bucket stand in their table, whose key begins with partition and key. */
export interface BucketLayout<K, V> {
  readonly table: Table
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the key. */
  keyCell(key: K): Cell
  /** The cells after partition and key. @throws StoreRefusedError `STORE_REFUSED` */
  toCells(row: BucketRow<V>): readonly Cell[]
  /** The cells of a place in the columns of the table's key, after partition and key. */
  placeCells(at: readonly number[]): readonly Cell[]
  readonly fromRow: (row: Row) => BucketRow<V>
}

/** A row and the key that it is of. */
export interface RowOfKey<V> extends BucketRow<V> {
  readonly keyCell: Cell
}

/**
 * The rows of one partition, key by key: all rows of a key are known, or none. Windows, sessions, versions and buffered records
 * of a key are few, and whoever asks for one asks for its neighbours.
 *
 * What holds of `WriteBehindCache` holds here: reads see what is staged, a read that began before a commit ended never replaces
 * what that commit staged, and what is not durable is never evicted. A bucket that was handed out stays until the unit is sealed.
 */
export class BucketStore<K, V> implements TaskStore {
  readonly name: string
  readonly #layout: BucketLayout<K, V>
  readonly #partition: number
  readonly #reader: Reader
  readonly #bytesMax: () => number
  readonly #buckets = new Map<unknown, Bucket<V>>()
  #dirty: Bucket<V>[] = []
  #unit = 1
  #bytes = 0
  #dirtyBytes = 0
  #readsUnderWay = 0

  constructor(
    layout: BucketLayout<K, V>,
    partition: number,
    reader: Reader,
    cacheBytesMax: () => number,
  ) {
    this.name = layout.table.name
    this.#layout = layout
    this.#partition = partition
    this.#reader = reader
    this.#bytesMax = cacheBytesMax
  }

  get dirtyBytes(): number {
    return this.#dirtyBytes
  }

  /** The rows of a key; to be used at once, before anything is awaited. */
  bucket(key: K): MaybePromise<Bucket<V>> {
    const keyCell = this.#layout.keyCell(key)
    const known = this.#buckets.get(cacheKey(keyCell))
    return known ? this.#used(known) : this.#read(keyCell)
  }

  /** Stages a row, in the place of what may be there. */
  put(bucket: Bucket<V>, row: BucketRow<V>): void {
    // Refused here, where the policy can leave out the record, rather than at the commit.
    this.#layout.toCells(row)
    this.#write(bucket, row.at, row)
  }

  delete(bucket: Bucket<V>, at: readonly number[]): void {
    if (bucket.get(at)) this.#write(bucket, at, undefined)
  }

  readAhead(keys: Iterable<K>): MaybePromise {
    const missing = new Map<unknown, Cell>()
    for (const key of keys) {
      const cell = this.#cellIfValid(key)
      if (cell !== undefined && !this.#buckets.has(cacheKey(cell)))
        missing.set(cacheKey(cell), cell)
    }
    if (missing.size === 0) return undefined
    return this.#fill([...missing.values()])
  }

  /** All rows, in no order. */
  async all(): Promise<RowOfKey<V>[]> {
    const rows: RowOfKey<V>[] = []
    await this.#whileReading(async () => {
      const { table, fromRow } = this.#layout
      const stored = await this.#reader.range(table, { prefix: [this.#partition] })
      const read = await whenReadable(() =>
        stored.map((row) => ({ keyCell: row[1]!, ...fromRow(row) })),
      )
      for (const row of read) if (!this.#buckets.has(cacheKey(row.keyCell))) rows.push(row)
      for (const { keyCell, rows: known } of this.#buckets.values())
        for (const row of known) rows.push({ keyCell, ...row })
    })
    return rows
  }

  seal(): SealedChanges {
    const [unit, dirty] = [this.#unit++, this.#dirty]
    this.#dirty = []
    this.#dirtyBytes = 0
    const upserts: Row[] = []
    const deletes: (readonly Cell[])[] = []
    for (const bucket of dirty) {
      const key = [this.#partition, bucket.keyCell]
      for (const [at, row] of bucket.takeWritten()) {
        if (row) upserts.push([...key, ...this.#layout.toCells(row)])
        else deletes.push([...key, ...this.#layout.placeCells(at)])
      }
    }
    const changes = { table: this.#layout.table, upserts, deletes }
    return { changes, committed: () => this.#committed(unit, dirty) }
  }

  #write(bucket: Bucket<V>, at: readonly number[], row: BucketRow<V> | undefined): void {
    if (bucket.dirtyIn !== this.#unit) this.#dirty.push(bucket)
    bucket.dirtyIn = this.#unit
    const bytes = entryBytes(bucket.keyCell, row?.value)
    this.#bytes += row ? bytes : 0
    this.#dirtyBytes += bytes
    bucket.write(at, row)
  }

  #used(bucket: Bucket<V>): Bucket<V> {
    bucket.usedIn = this.#unit
    return bucket
  }

  async #read(keyCell: Cell): Promise<Bucket<V>> {
    await this.#fill([keyCell])
    return this.#used(this.#buckets.get(cacheKey(keyCell))!)
  }

  async #fill(keyCells: readonly Cell[]): Promise<void> {
    for (let from = 0; from < keyCells.length; from += READ_AHEAD_KEYS_MAX) {
      const chunk = keyCells.slice(from, from + READ_AHEAD_KEYS_MAX)
      await this.#whileReading(async () => {
        const found = byKey(await this.#reader.getMany(this.#layout.table, this.#keySet(chunk)))
        await whenReadable(() => {
          for (const cell of chunk) this.#add(cell, found.get(cacheKey(cell)) ?? [])
        })
      })
    }
  }

  /** Nothing is evicted meanwhile: what was read may be older than a commit that ends now. */
  async #whileReading(read: () => Promise<void>): Promise<void> {
    this.#readsUnderWay++
    try {
      await read()
    } finally {
      this.#readsUnderWay--
    }
  }

  #keySet(keyCells: readonly Cell[]): KeySet {
    return { prefix: [this.#partition], keys: keyCells.map((cell) => [cell]) }
  }

  #add(keyCell: Cell, rows: readonly Row[]): void {
    // Somebody else may have read it meanwhile, and written into it.
    if (this.#buckets.has(cacheKey(keyCell))) return
    const bucket = new Bucket(keyCell, this.#inOrder(rows))
    this.#buckets.set(cacheKey(keyCell), this.#used(bucket))
    this.#bytes += bytesOf(bucket)
  }

  #inOrder(rows: readonly Row[]): BucketRow<V>[] {
    return rows.map((row) => this.#layout.fromRow(row)).sort((a, b) => comparePlaces(a.at, b.at))
  }

  #cellIfValid(key: K): Cell | undefined {
    try {
      return this.#layout.keyCell(key)
    } catch {
      // Whoever processes the record gets the error.
      return undefined
    }
  }

  #committed(unit: number, dirty: readonly Bucket<V>[]): void {
    for (const bucket of dirty) if (bucket.dirtyIn === unit) bucket.dirtyIn = 0
    if (this.#bytes > this.#bytesMax() && this.#readsUnderWay === 0) this.#evict()
  }

  /** Clean buckets that the open unit has not handed out, the oldest first, until three quarters of the bound are left. */
  #evict(): void {
    this.#bytes = [...this.#buckets.values()].reduce((sum, bucket) => sum + bytesOf(bucket), 0)
    for (const [key, bucket] of this.#buckets) {
      if (this.#bytes <= this.#bytesMax() * 0.75) return
      if (bucket.dirtyIn !== 0 || bucket.usedIn >= this.#unit) continue
      this.#buckets.delete(key)
      this.#bytes -= bytesOf(bucket)
    }
  }
}

function bytesOf({ keyCell, rows }: Bucket<unknown>): number {
  const ofRows = rows.map(({ value }) => entryBytes(keyCell, value))
  return ofRows.reduce((sum, bytes) => sum + bytes, entryBytes(keyCell, undefined))
}

function byKey(rows: readonly Row[]): Map<unknown, Row[]> {
  const found = new Map<unknown, Row[]>()
  for (const row of rows) {
    const key = cacheKey(row[1]!)
    const known = found.get(key)
    if (known) known.push(row)
    else found.set(key, [row])
  }
  return found
}
