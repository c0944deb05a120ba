import type { Row, Table } from '../database/table.ts'
import type { Bound, Reader } from '../database/transaction.ts'
import type { Cell } from '../model/cell.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import { whenReadable } from '../serdes/when-readable.ts'
import { cacheKey } from './cache-entry.ts'
import type { ValueAndTimestamp } from './contract/key-value-store.ts'
import type { KeyInterval, RangedStore, StoredRow } from './contract/ranged-store.ts'
import type { KeyValueStoreDefinition } from './contract/store-definition.ts'
import { mergedRows } from './merged-rows.ts'
import { storeTable } from './store-table.ts'
import { StoreRefusedError } from '../errors/record-errors.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** The store of a global table, and how many tasks keep its rows. */
export interface GlobalStorePlan<K = unknown, V = unknown> {
  readonly definition: KeyValueStoreDefinition<K, V>
  readonly partitions: number
}

type Found<V> = ValueAndTimestamp<V> | undefined

/**
 * The rows of a global table, as a task reads them that does not keep them: what is committed, over all partitions.
 *
 * What was read stays until the task's next commit, so that a row that many records ask for is read once; what is looked ahead
 * for is read anew.
 */
export class GlobalStore<K, V> implements RangedStore<K, V>, TaskStore {
  readonly name: string
  readonly dirtyBytes = 0
  readonly #plan: GlobalStorePlan<K, V>
  readonly #table: Table
  readonly #reader: Reader
  #known = new Map<unknown, Found<V>>()

  constructor(plan: GlobalStorePlan<K, V>, reader: Reader) {
    this.name = plan.definition.name
    this.#plan = plan
    this.#table = storeTable(plan.definition)
    this.#reader = reader
  }

  get(key: K): Found<V> | Promise<Found<V>> {
    const cell = this.#cellOf(key)
    const identity = cacheKey(cell)
    if (this.#known.has(identity)) return this.#known.get(identity)
    return this.#read([cell]).then((rows) => rows.get(identity))
  }

  /** @throws StoreRefusedError `STORE_REFUSED` always: only the tasks of its topic write a global table. */
  put(): void {
    throw new StoreRefusedError(this.name, 'a global table is written by its topic alone')
  }

  /** Rows as they are committed when they are given, whatever {@link get} has found before. */
  async *rows({ from, to, reverse = false }: KeyInterval<K>): AsyncGenerator<StoredRow<K, V>> {
    const equalRows = mergedRows({
      ...{ reader: this.#reader, table: this.#table, partitions: this.#partitions, reverse },
      from: this.#bound(from),
      to: this.#bound(to),
    })
    for await (const rows of equalRows) {
      yield await whenReadable(() => [
        keyColumnOf(this.#plan.definition.key).fromCell(rows[0]![1]!),
        rows.map((row) => this.#entryOf(row)).reduce(latest),
      ])
    }
  }

  async readAhead(keys: Iterable<K>): Promise<void> {
    const cells = new Map<unknown, Cell>()
    for (const key of keys) {
      const cell = this.#cellIfValid(key)
      if (cell !== undefined) cells.set(cacheKey(cell), cell)
    }
    if (cells.size > 0) await this.#read([...cells.values()])
  }

  seal(): SealedChanges {
    this.#known = new Map()
    return {
      changes: { table: this.#table, upserts: [], deletes: [] },
      committed: () => undefined,
    }
  }

  async #read(cells: readonly Cell[]): Promise<ReadonlyMap<unknown, Found<V>>> {
    const found = new Map<unknown, Found<V>>(cells.map((cell) => [cacheKey(cell), undefined]))
    const rows = await this.#select(cells)
    const entries = await whenReadable(() => rows.map((row) => this.#entryOf(row)))
    for (const [index, row] of rows.entries()) {
      const identity = cacheKey(row[1]!)
      const known = found.get(identity)
      const entry = entries[index]!
      found.set(identity, known ? latest(known, entry) : entry)
    }
    for (const [identity, row] of found) this.#known.set(identity, row)
    return found
  }

  #select(cells: readonly Cell[]): Promise<Row[]> {
    const keys = this.#partitions.flatMap((partition) => cells.map((cell) => [partition, cell]))
    return this.#reader.getMany(this.#table, { prefix: [], keys })
  }

  get #partitions(): readonly number[] {
    return Array.from({ length: this.#plan.partitions }, (_, partition) => partition)
  }

  #entryOf([, , value, timestamp]: Row): ValueAndTimestamp<V> {
    const { column } = this.#plan.definition.value
    return { value: column.fromCell(value!), timestamp: timestamp as number }
  }

  #bound(key: K | undefined): Bound | undefined {
    return key === undefined ? undefined : { cell: this.#cellOf(key), inclusive: true }
  }

  #cellOf(key: K): Cell {
    const column = keyColumnOf(this.#plan.definition.key)
    const cell = column.toCell(key)
    // Rows give int64 as bigint, a serde may give a number: one key, one form.
    return typeof cell === 'number' && column.type === 'int64' ? BigInt(cell) : cell
  }

  #cellIfValid(key: K): Cell | undefined {
    try {
      return this.#cellOf(key)
    } catch {
      // Whoever processes the record gets the error.
      return undefined
    }
  }
}

/** A key belongs to one partition, unless its producers partition in several ways: then the latest row counts. */
function latest<V>(one: ValueAndTimestamp<V>, other: ValueAndTimestamp<V>): ValueAndTimestamp<V> {
  return one.timestamp > other.timestamp ? one : other
}
