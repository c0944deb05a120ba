import { DatabaseFailedError } from '../../errors/database-errors.ts'
import type { Cell } from '../../model/cell.ts'
import type { Row, Table } from '../table.ts'
import type {
  ConditionalUpdate,
  KeyRange,
  KeySet,
  Transaction,
  TransactionOptions,
} from '../transaction.ts'
import { Changes } from './changes.ts'
import { TableUpdate } from './conditional-update.ts'
import { fullKeys, prepareRange } from './key-ranges.ts'
import type { MemorySchema } from './memory-schema.ts'
import type { Entry, MemoryTable } from './memory-table.ts'
import { findMany, readMany, readRange } from './read-rows.ts'
import type { LockOwner } from './row-locks.ts'
import { StatementQueue } from './statement-queue.ts'

/** No table is called this. */
const SCHEMA_LOCK = ''

/**
 * One transaction: keeps its changes to itself until `commit`, and holds a lock on every row it changed or locked.
 * A statement looks at a row again once it has the row's lock, as READ COMMITTED does.
 */
export class MemoryTransaction implements Transaction, LockOwner {
  readonly #schema: MemorySchema
  readonly #lockTimeoutMs: number | undefined
  readonly #statements: StatementQueue
  readonly #changes = new Changes()
  readonly #renames: { readonly table: Table; readonly name: string }[] = []
  waitsFor: string | undefined

  constructor(schema: MemorySchema, options: TransactionOptions) {
    this.#schema = schema
    // Nothing but a lock can make a statement last here.
    this.#lockTimeoutMs = shortest(options.lockTimeoutMs, options.statementTimeoutMs)
    this.#statements = new StatementQueue(options.idleTimeoutMs, () =>
      this.#schema.locks.releaseAll(this),
    )
  }

  getMany(table: Table, keys: KeySet, { lock = false } = {}): Promise<Row[]> {
    return this.#run(table, (rows) => {
      const full = fullKeys(rows, keys)
      return async () => {
        if (lock)
          for (const { key } of findMany(rows, full, this.#changes)) await this.#lockRow(rows, key)
        return readMany(rows, keys, this.#changes)
      }
    })
  }

  range(table: Table, range: KeyRange): Promise<Row[]> {
    return this.#run(table, (rows) => () => readRange(rows, range, this.#changes))
  }

  upsertMany(table: Table, rows: readonly Row[]): Promise<void> {
    return this.#run(table, (target) => {
      const entries = rows.map((row) => target.toEntry(row))
      refuseRepeatedKeys(target, entries)
      return async () => {
        for (const entry of entries) {
          await this.#lock(target, entry.key)
          this.#changes.set(target, entry)
        }
      }
    })
  }

  insertMissing(table: Table, rows: readonly Row[]): Promise<number> {
    return this.#run(table, (target) => {
      const entries = rows.map((row) => target.toEntry(row))
      return async () => {
        let count = 0
        for (const entry of entries) if (await this.#insert(target, entry)) count++
        return count
      }
    })
  }

  deleteMany(table: Table, keys: KeySet): Promise<number> {
    return this.#run(table, (target) => {
      const full = fullKeys(target, keys)
      return () => this.#deleteAll(target, findMany(target, full, this.#changes))
    })
  }

  deleteRange(table: Table, range: KeyRange): Promise<number> {
    return this.#run(table, (target) => {
      const find = prepareRange(target, range)
      return () => this.#deleteAll(target, find(this.#changes))
    })
  }

  updateWhere(table: Table, updates: readonly ConditionalUpdate[]): Promise<number> {
    return this.#run(table, (target) => {
      const prepared = updates.map((update) => new TableUpdate(target, update))
      return async () => {
        let count = 0
        for (const update of prepared) count += await this.#update(target, update)
        return count
      }
    })
  }

  /** For everybody at the commit: until then nobody need know. */
  renameTable(table: Table, name: string): Promise<void> {
    return this.#run(table, () => () => void this.#renames.push({ table, name }))
  }

  /** One migration at a time. */
  lockSchema(): Promise<void> {
    return this.#statements.run(() => () => this.#schema.locks.acquire(this, SCHEMA_LOCK))
  }

  /** Makes the changes everybody's, unless a statement failed: then throws that failure. */
  async commit(): Promise<void> {
    await this.#statements.end()
    this.#changes.apply(this.#schema)
    for (const { table, name } of this.#renames) this.#schema.rename(table, name)
    this.#schema.locks.releaseAll(this)
  }

  async rollback(): Promise<void> {
    await this.#statements.end().catch(() => undefined)
    this.#schema.locks.releaseAll(this)
  }

  #run<T>(table: Table, prepare: (target: MemoryTable) => () => T | Promise<T>): Promise<T> {
    return this.#statements.run(() => prepare(this.#schema.table(table)))
  }

  async #insert(table: MemoryTable, entry: Entry): Promise<boolean> {
    // A row that is there already is left alone without waiting for whoever is changing it.
    if (this.#changes.get(table, entry.key)) return false
    await this.#lock(table, entry.key)
    if (this.#changes.get(table, entry.key)) return false
    this.#changes.set(table, entry)
    return true
  }

  async #deleteAll(table: MemoryTable, entries: readonly Entry[]): Promise<number> {
    let count = 0
    for (const { key } of entries) {
      if (!(await this.#lockRow(table, key))) continue
      this.#changes.set(table, { key, row: undefined })
      count++
    }
    return count
  }

  async #update(table: MemoryTable, update: TableUpdate): Promise<number> {
    let count = 0
    for (const { key } of update.matching(this.#changes)) {
      const entry = await this.#lockRow(table, key)
      if (!entry || !update.matches(entry)) continue
      this.#changes.set(table, { key, row: undefined })
      this.#changes.set(table, table.toEntryOfStored(update.apply(entry.row)))
      count++
    }
    return count
  }

  /** Locks a row that there is, and answers what it is once locked. */
  async #lockRow(table: MemoryTable, key: readonly Cell[]): Promise<Entry | undefined> {
    if (!this.#changes.get(table, key)) return undefined
    await this.#lock(table, key)
    return this.#changes.get(table, key)
  }

  #lock(table: MemoryTable, key: readonly Cell[]): Promise<void> | undefined {
    return this.#schema.locks.acquire(this, table.lockName(key), this.#lockTimeoutMs)
  }
}

function shortest(a: number | undefined, b: number | undefined): number | undefined {
  return Math.min(a || Infinity, b || Infinity) === Infinity
    ? undefined
    : Math.min(a || Infinity, b || Infinity)
}

/** PostgreSQL refuses this too: which of the two rows should win? */
function refuseRepeatedKeys(table: MemoryTable, entries: readonly Entry[]): void {
  if (new Set(entries.map(({ key }) => table.lockName(key))).size === entries.length) return
  throw new DatabaseFailedError(
    `two rows with the same key in one upsert, table ${table.table.name}`,
  )
}
