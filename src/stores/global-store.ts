import type { Row, Table } from '../database/table.ts'
import type { Reader } from '../database/transaction.ts'
import type { Cell } from '../model/cell.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import { cacheKey } from './cache-entry.ts'
import type { KeyValueStore, ValueAndTimestamp } from './contract/key-value-store.ts'
import type { KeyValueStoreDefinition } from './contract/store-definition.ts'
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
export class GlobalStore<K, V> implements KeyValueStore<K, V>, TaskStore {
  readonly name: string
  readonly dirtyCount = 0
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
    for (const row of await this.#select(cells)) {
      const [, key, value, timestamp] = row as [Cell, Cell, Cell, number]
      const known = found.get(cacheKey(key))
      // A key belongs to one partition, unless its producers partition in several ways: then the latest counts.
      if (known && known.timestamp > timestamp) continue
      found.set(cacheKey(key), {
        value: this.#plan.definition.value.column.fromCell(value),
        timestamp,
      })
    }
    for (const [identity, row] of found) this.#known.set(identity, row)
    return found
  }

  #select(cells: readonly Cell[]): Promise<Row[]> {
    const partitions = Array.from({ length: this.#plan.partitions }, (_, partition) => partition)
    const keys = partitions.flatMap((partition) => cells.map((cell) => [partition, cell]))
    return this.#reader.getMany(this.#table, { prefix: [], keys })
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
