import type { Bound, Reader } from '../database/transaction.ts'
import type { Row, Table } from '../database/table.ts'
import type { Cell } from '../model/cell.ts'
import { cacheKey, type CacheEntry } from './cache-entry.ts'
import type { ValueAndTimestamp } from './contract/key-value-store.ts'
import type { KeyInterval, RangedStore, StoredRow } from './contract/ranged-store.ts'
import type { KeyValueStoreDefinition } from './contract/store-definition.ts'
import { whenReadable } from '../serdes/when-readable.ts'
import { checkTimestamp } from './row-limits.ts'
import { scanRows, type ScannedKey } from './scan-rows.ts'
import { StoreCells } from './store-cells.ts'
import { storeTable } from './store-table.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'
import { WriteBehindCache, type FoundRow } from './write-behind-cache.ts'

/** Keys of one read-ahead statement: larger lists gave no more keys a second. A guess until the bench says otherwise. */
const READ_AHEAD_KEYS_MAX = 10_000

/** A row as it was in the database, if it was. */
interface ScannedRow<K, V> {
  readonly keyCell: Cell
  readonly key: K
  readonly entry: ValueAndTimestamp<V> | undefined
  readonly staged: CacheEntry<V> | undefined
}

/** A key-value store whose rows are those of one partition in a SQL table, behind a write-behind cache. */
export class TableStore<K, V> implements RangedStore<K, V>, TaskStore {
  readonly name: string
  readonly #cells: StoreCells<K, V>
  readonly #table: Table
  readonly #partition: number
  readonly #reader: Reader
  readonly #cache: WriteBehindCache<V>

  constructor(
    definition: KeyValueStoreDefinition<K, V>,
    partition: number,
    reader: Reader,
    cacheBytesMax: () => number,
  ) {
    this.name = definition.name
    this.#cells = new StoreCells(definition)
    this.#table = storeTable(definition)
    this.#partition = partition
    this.#reader = reader
    this.#cache = new WriteBehindCache(cacheBytesMax)
  }

  get dirtyBytes(): number {
    return this.#cache.dirtyBytes
  }

  get(key: K): ValueAndTimestamp<V> | undefined | Promise<ValueAndTimestamp<V> | undefined> {
    const keyCell = this.#cells.keyCell(key)
    const entry = this.#cache.find(keyCell)
    return entry ? entry.current : this.#readOne(keyCell)
  }

  put(key: K, entry: ValueAndTimestamp<V> | undefined): void {
    const keyCell = this.#cells.keyCell(key)
    if (entry) checkTimestamp(this.name, entry.timestamp)
    this.#cache.write(keyCell, entry, entry && this.#cells.valueCell(entry.value))
  }

  async *rows({ from, to, reverse = false }: KeyInterval<K>): AsyncGenerator<StoredRow<K, V>> {
    const pages = scanRows({
      reader: this.#reader,
      table: this.#table,
      partition: this.#partition,
      cache: this.#cache,
      from: this.#bound(from),
      to: this.#bound(to),
      reverse,
    })
    for await (const page of pages) {
      const read = await whenReadable(() => page.map((key) => this.#scanned(key)))
      for (const { keyCell, key, entry, staged } of read) {
        // It may have been written since the page was read.
        const known = this.#cache.peek(keyCell) ?? staged
        const current = known ? known.current : entry
        if (current) yield [key, current]
      }
    }
  }

  /** Reads the rows of keys that nothing is known about yet, so that {@link get} answers at once. */
  readAhead(keys: Iterable<K>): Promise<void> | undefined {
    const keyCells = this.#validCells(keys)
    const missing = this.#cache.lookAhead(keyCells)
    return missing.length === 0 ? undefined : this.#readMissing(keyCells, missing)
  }

  /** Ends the open unit: later writes belong to the next one. */
  seal(): SealedChanges {
    const sealed = this.#cache.seal()
    const upserts: Row[] = []
    const deletes: (readonly Cell[])[] = []
    for (const { keyCell, current } of sealed.entries) {
      if (current) upserts.push(this.#toRow(keyCell, current))
      else deletes.push([this.#partition, keyCell])
    }
    const changes = { table: this.#table, upserts, deletes }
    return { changes, committed: () => this.#cache.committed(sealed) }
  }

  #bound(key: K | undefined): Bound | undefined {
    return key === undefined ? undefined : { cell: this.#cells.keyCell(key), inclusive: true }
  }

  #scanned({ keyCell, row, staged }: ScannedKey<V>): ScannedRow<K, V> {
    const entry = row && { value: this.#cells.valueOf(row[2]!), timestamp: row[3] as number }
    return { keyCell, key: this.#cells.keyOf(keyCell), entry, staged }
  }

  #validCells(keys: Iterable<K>): Cell[] {
    const keyCells: Cell[] = []
    for (const key of keys) {
      const keyCell = this.#cells.keyCellIfValid(key)
      if (keyCell !== undefined) keyCells.push(keyCell)
    }
    return keyCells
  }

  async #readMissing(keyCells: readonly Cell[], missing: readonly Cell[]): Promise<void> {
    const unique = new Map<unknown, Cell>()
    for (const keyCell of missing) unique.set(cacheKey(keyCell), keyCell)
    await this.#read([...unique.values()])
    this.#cache.lookAhead(keyCells)
  }

  async #readOne(keyCell: Cell): Promise<ValueAndTimestamp<V> | undefined> {
    let current: ValueAndTimestamp<V> | undefined
    await this.#cache.fill(
      () => this.#readRows([keyCell]),
      () => (current = this.#cache.find(keyCell)?.current),
    )
    return current
  }

  async #read(keyCells: readonly Cell[]): Promise<void> {
    for (let from = 0; from < keyCells.length; from += READ_AHEAD_KEYS_MAX) {
      const chunk = keyCells.slice(from, from + READ_AHEAD_KEYS_MAX)
      await this.#cache.fill(() => this.#readRows(chunk))
    }
  }

  async #readRows(keyCells: readonly Cell[]): Promise<FoundRow<V>[]> {
    const rows = await this.#select(keyCells)
    return whenReadable(() => this.#found(keyCells, rows))
  }

  #select(keyCells: readonly Cell[]): Promise<Row[]> {
    return this.#reader.getMany(this.#table, {
      prefix: [this.#partition],
      keys: keyCells.map((cell) => [cell]),
    })
  }

  /** The rows found, and of every key asked for that has none that it is absent: that is knowledge too. */
  #found(asked: readonly Cell[], rows: readonly Row[]): FoundRow<V>[] {
    const found = new Map(
      rows.map(([, key, value, timestamp]): [unknown, FoundRow<V>] => {
        const current = { value: this.#cells.valueOf(value!), timestamp: timestamp as number }
        return [cacheKey(key!), [key!, current, value!]]
      }),
    )
    return asked.map((cell) => {
      const [, current, valueCell] = found.get(cacheKey(cell)) ?? [cell, undefined]
      return [cell, current, valueCell]
    })
  }

  #toRow(keyCell: Cell, { value, timestamp }: ValueAndTimestamp<V>): Row {
    return [this.#partition, keyCell, this.#cells.valueCell(value), timestamp]
  }
}
