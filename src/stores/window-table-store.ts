import type { Row } from '../database/table.ts'
import type { Cell } from '../model/cell.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import { whenKnown } from '../model/when-known.ts'
import type { Windowed } from '../model/windowed.ts'
import type { BucketLayout, RowOfKey } from './bucket-store.ts'
import type { Bucket, BucketRow } from './bucket.ts'
import type { ValueAndTimestamp } from './contract/key-value-store.ts'
import type { KeyWindows, WindowAggregates } from './contract/key-windows.ts'
import type { WindowStoreDefinition } from './contract/store-definition.ts'
import type { WindowedEntry, WindowEntry, WindowStore } from './contract/window-store.ts'
import { ExpiringStore } from './expiring-store.ts'
import { checkTimestamp, toTimeCell } from './row-limits.ts'
import { betweenKeys, byKeyBytes } from './by-key-bytes.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** Keys from one to another, and times. */
type KeysAndTimes<K> = readonly [keyFrom: K | null, keyTo: K | null, from: number, to: number]

/** A window store whose rows are those of one partition in a SQL table: a bucket of windows for each key. */
export class WindowTableStore<K, V>
  implements WindowStore<K, V>, WindowAggregates<K, V>, TaskStore
{
  readonly name: string
  readonly #definition: WindowStoreDefinition<K, V>
  readonly #cells: StoreCells<K, V>
  readonly #rows: ExpiringStore<K, V>

  constructor(definition: WindowStoreDefinition<K, V>, surroundings: StoreSurroundings) {
    const cells = new StoreCells(definition)
    this.name = definition.name
    this.#definition = definition
    this.#cells = cells
    this.#rows = new ExpiringStore({
      ...{ definition, cells, surroundings },
      layout: layoutOf(definition, cells),
    })
  }

  get dirtyBytes(): number {
    return this.#rows.dirtyBytes
  }

  open(): Promise<void> {
    return this.#rows.open()
  }

  readAhead(keys: Iterable<K>): MaybePromise {
    return this.#rows.readAhead(keys)
  }

  seal(): SealedChanges {
    return this.#rows.seal()
  }

  windowsOf(key: K): MaybePromise<KeyWindows<V>> {
    return whenKnown(this.#rows.bucket(key), (bucket) => new BucketWindows(this.#rows, bucket))
  }

  /** The row of a windowed key, for who looks it up in the table of an aggregate. */
  get({ key, start }: Windowed<K>): MaybePromise<ValueAndTimestamp<V> | undefined> {
    return whenKnown(this.windowsOf(key), (windows) => windows.get(start))
  }

  takeClosed(until: number): MaybePromise<readonly WindowedEntry<K, V>[]> {
    return whenKnown(this.#rows.takeClosed(until), (rows) => rows.map((row) => this.#toEntry(row)))
  }

  put(
    key: K,
    value: V | null | undefined,
    windowStart: number,
    timestamp = windowStart,
  ): MaybePromise {
    const entry = value === null || value === undefined ? undefined : { value, timestamp }
    return whenKnown(this.windowsOf(key), (windows) => windows.put(windowStart, entry))
  }

  fetch(key: K, windowStart: number): MaybePromise<V | undefined>
  fetch(key: K, from: number, to: number): MaybePromise<readonly WindowEntry<V>[]>
  fetch(...asked: KeysAndTimes<K>): Promise<readonly WindowedEntry<K, V>[]>
  fetch(
    ...asked: readonly [key: K, from: number, to?: number] | KeysAndTimes<K>
  ):
    | MaybePromise<V | undefined | readonly WindowEntry<V>[]>
    | Promise<readonly WindowedEntry<K, V>[]> {
    if (asked.length === 4) return this.#fetchKeys(...asked)
    const [key, from, to] = asked
    return whenKnown(this.windowsOf(key), (windows) =>
      to === undefined ? windows.get(from)?.value : windows.between(from, to),
    )
  }

  backwardFetch(key: K, from: number, to: number): MaybePromise<readonly WindowEntry<V>[]>
  backwardFetch(...asked: KeysAndTimes<K>): Promise<readonly WindowedEntry<K, V>[]>
  backwardFetch(
    ...asked: readonly [key: K, from: number, to: number] | KeysAndTimes<K>
  ): MaybePromise<readonly WindowEntry<V>[]> | Promise<readonly WindowedEntry<K, V>[]> {
    if (asked.length === 4) return backwards(this.#fetchKeys(...asked))
    const [key, from, to] = asked
    return whenKnown(this.fetch(key, from, to), (entries) => entries.toReversed())
  }

  async fetchAll(from: number, to: number): Promise<readonly WindowedEntry<K, V>[]> {
    const entries = await this.all()
    return entries.filter(({ key: { start } }) => start >= from && start <= to)
  }

  backwardFetchAll(from: number, to: number): Promise<readonly WindowedEntry<K, V>[]> {
    return backwards(this.fetchAll(from, to))
  }

  async all(): Promise<readonly WindowedEntry<K, V>[]> {
    const entries = (await this.#rows.all()).map((row) => this.#toEntry(row))
    return byKeyBytes(entries, this.#definition.key)
  }

  backwardAll(): Promise<readonly WindowedEntry<K, V>[]> {
    return backwards(this.all())
  }

  async #fetchKeys(
    ...[keyFrom, keyTo, from, to]: KeysAndTimes<K>
  ): Promise<readonly WindowedEntry<K, V>[]> {
    return betweenKeys(await this.fetchAll(from, to), this.#definition.key, [keyFrom, keyTo])
  }

  #toEntry({ keyCell, at: [start = 0], value, timestamp }: RowOfKey<V>): WindowedEntry<K, V> {
    const key = this.#cells.keyOf(keyCell)
    return { key: { key, start, end: start + this.#definition.sizeMs }, value, timestamp }
  }
}

class BucketWindows<K, V> implements KeyWindows<V> {
  readonly #rows: ExpiringStore<K, V>
  readonly #bucket: Bucket<V>

  constructor(rows: ExpiringStore<K, V>, bucket: Bucket<V>) {
    this.#rows = rows
    this.#bucket = bucket
  }

  get(start: number): ValueAndTimestamp<V> | undefined {
    return this.#rows.get(this.#bucket, [start])
  }

  between(from: number, to: number): readonly WindowEntry<V>[] {
    const rows = this.#rows.between(this.#bucket, from, to)
    return rows.map(({ at: [start = 0], value, timestamp }) => ({ start, value, timestamp }))
  }

  put(start: number, entry: ValueAndTimestamp<V> | undefined): void {
    if (entry) this.#rows.put(this.#bucket, { at: [start], ...entry })
    else this.#rows.delete(this.#bucket, [start])
  }
}

async function backwards<Entry>(entries: Promise<readonly Entry[]>): Promise<readonly Entry[]> {
  return (await entries).toReversed()
}

function layoutOf<K, V>(
  definition: WindowStoreDefinition<K, V>,
  cells: StoreCells<K, V>,
): BucketLayout<K, V> {
  const { name, sizeMs } = definition
  return {
    table: storeTable(definition),
    keyCell: (key) => cells.keyCell(key),
    toCells: ({ at: [start = 0], value, timestamp }: BucketRow<V>): readonly Cell[] => {
      checkTimestamp(name, start)
      checkTimestamp(name, timestamp)
      return [start, toTimeCell(start + sizeMs), cells.valueCell(value), timestamp]
    },
    placeCells: (at) => at,
    fromRow: ([, , start, , value, timestamp]: Row): BucketRow<V> => ({
      at: [start as number],
      value: cells.valueOf(value!),
      timestamp: timestamp as number,
    }),
  }
}
