import { emittedTimeOf, observedTimeOf } from '../model/kept-time-name.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import { whenKnown } from '../model/when-known.ts'
import { whenReadable } from '../serdes/when-readable.ts'
import { BucketStore, type BucketLayout, type RowOfKey } from './bucket-store.ts'
import type { Bucket, BucketRow } from './bucket.ts'
import type { KeptTime } from './contract/kept-time.ts'
import type { AnyExpiringStoreDefinition } from './contract/store-definition.ts'
import { PendingRows, type RowPlace } from './pending-rows.ts'
import type { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { showsExpired, StoreTime } from './store-time.ts'
import { Sweep } from './sweep.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** What an expiring store is made of. */
export interface ExpiringStoreParts<K, V> {
  readonly definition: AnyExpiringStoreDefinition<K, V>
  readonly cells: StoreCells<K, V>
  readonly layout: BucketLayout<K, V>
  readonly surroundings: StoreSurroundings
}

/**
 * Rows in buckets that expire: the first number of a row's place is its time.
 *
 * An expired row is not seen any more; it is deleted later, with one of the commits. Where the store is cached it is seen until
 * then, as in Kafka Streams while the cache holds it. Where the store emits on close, rows are kept, whatever their time, until they
 * were taken by {@link takeClosed}: Kafka Streams loses windows when its time jumps.
 */
export class ExpiringStore<K, V> implements TaskStore {
  readonly name: string
  readonly #parts: ExpiringStoreParts<K, V>
  readonly #buckets: BucketStore<K, V>
  readonly #time: StoreTime
  readonly #sweep: Sweep
  readonly #showsExpired: boolean
  /** Rows up to this time were taken. */
  readonly #emitted: KeptTime
  readonly #pending: PendingRows | undefined

  constructor(parts: ExpiringStoreParts<K, V>) {
    const { definition, cells, layout, surroundings } = parts
    const { partition, reader, cacheBytesMax } = surroundings
    this.name = definition.name
    this.#parts = parts
    this.#buckets = new BucketStore(layout, partition, reader, cacheBytesMax)
    this.#time = new StoreTime(surroundings.time(observedTimeOf(this.name)), definition)
    this.#showsExpired = showsExpired(definition)
    this.#sweep = new Sweep(partition, this.#time.segmentMs, this.#showsExpired)
    this.#emitted = surroundings.time(emittedTimeOf(this.name))
    this.#pending = definition.emitsOnClose
      ? new PendingRows((cell) => definition.key.serialize(cells.keyOf(cell)))
      : undefined
  }

  get dirtyBytes(): number {
    return this.#buckets.dirtyBytes
  }

  /** Finds what is still to be taken. */
  async open(): Promise<void> {
    if (!this.#pending) return
    const { cells, layout, surroundings } = this.#parts
    const rows = await surroundings.reader.range(layout.table, {
      by: 'index',
      prefix: [surroundings.partition],
      from: { cell: this.#emitted.value, inclusive: false },
    })
    // Keys too: they are read when windows close, where nothing can be awaited.
    await whenReadable(() => rows.forEach((row) => cells.keyOf(row[1]!)))
    const places = await whenReadable(() => rows.map((row) => layout.fromRow(row).at))
    for (const [index, at] of places.entries()) this.#pending.add({ keyCell: rows[index]![1]!, at })
  }

  readAhead(keys: Iterable<K>): MaybePromise {
    return this.#buckets.readAhead(keys)
  }

  /** The rows of a key; to be used at once, before anything but the record in hand is awaited. */
  bucket(key: K): MaybePromise<Bucket<V>> {
    return whenKnown(this.#buckets.bucket(key), (bucket) => this.#kept(bucket))
  }

  get(bucket: Bucket<V>, at: readonly number[]): BucketRow<V> | undefined {
    return at[0]! < this.#firstSeen ? undefined : bucket.get(at)
  }

  /** Rows from one time to another, both included. */
  between(bucket: Bucket<V>, from: number, to: number): readonly BucketRow<V>[] {
    return bucket.between([Math.max(from, this.#firstSeen)], [to])
  }

  /** Stages a row; one that has expired is told of and left out. */
  put(bucket: Bucket<V>, row: BucketRow<V>): void {
    if (!this.#takes(row.at)) return
    this.#buckets.put(bucket, row)
    this.#pending?.add({ keyCell: bucket.keyCell, at: row.at })
  }

  delete(bucket: Bucket<V>, at: readonly number[]): void {
    if (!this.#takes(at)) return
    this.#buckets.delete(bucket, at)
    this.#pending?.delete({ keyCell: bucket.keyCell, at })
  }

  /** Takes the rows up to a time that were not taken yet, in the order of their places, then of their keys' bytes. */
  takeClosed(until: number): MaybePromise<readonly RowOfKey<V>[]> {
    const places = this.#pending?.take(until) ?? []
    this.#emitted.value = Math.max(this.#emitted.value, until)
    if (places.length === 0) return []
    const reading = this.#buckets.readAhead(
      places.map(({ keyCell }) => this.#parts.cells.keyOf(keyCell)),
    )
    return reading ? reading.then(() => this.#rowsAt(places)) : this.#rowsAt(places)
  }

  /** All rows that are seen, in no order. */
  async all(): Promise<RowOfKey<V>[]> {
    const rows = await this.#buckets.all()
    return rows.filter(({ at }) => at[0]! >= this.#firstSeen)
  }

  seal(): SealedChanges {
    const sealed = this.#buckets.seal()
    const sweep = this.#sweep.next(this.#firstNeeded, sealed.changes.upserts.length)
    return sweep ? { ...sealed, changes: { ...sealed.changes, sweeps: [sweep] } } : sealed
  }

  get #firstSeen(): number {
    return this.#showsExpired ? this.#sweep.begunUpTo : this.#time.firstLive
  }

  /** The time of the first row that a sweep must leave. */
  get #firstNeeded(): number {
    const { firstLive } = this.#time
    return this.#pending ? Math.min(firstLive, this.#emitted.value + 1) : firstLive
  }

  get #firstKept(): number {
    return Math.min(this.#firstSeen, this.#firstNeeded)
  }

  #kept(bucket: Bucket<V>): Bucket<V> {
    bucket.forgetBefore([this.#firstKept])
    return bucket
  }

  #takes([time = 0]: readonly number[]): boolean {
    this.#time.observe(time)
    const isLive = this.#time.takes(time)
    if (!isLive) this.#parts.surroundings.expired(this.name)
    return (isLive || this.#showsExpired) && time >= this.#firstKept
  }

  #rowsAt(places: readonly RowPlace[]): RowOfKey<V>[] {
    return places.flatMap(({ keyCell, at }) => {
      // It was read ahead, and nothing has been awaited since.
      const bucket = this.#buckets.bucket(this.#parts.cells.keyOf(keyCell)) as Bucket<V>
      const row = bucket.get(at)
      return row ? [{ keyCell, ...row }] : []
    })
  }
}
