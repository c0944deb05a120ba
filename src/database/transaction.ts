import type { Cell } from '../model/cell.ts'
import type { Row, Table } from './table.ts'

/** Bounds of one transaction, set for it alone; the server's own where absent. */
export interface TransactionOptions {
  readonly statementTimeoutMs?: number
  /** How long the server lets the transaction sit between two statements before it ends it: a frozen process must not hold rows. */
  readonly idleTimeoutMs?: number
  readonly lockTimeoutMs?: number
}

/** Reads of committed rows; inside a transaction also of its own. */
export interface Reader {
  /**
   * The rows whose key is, or begins with, `prefix` followed by one of `keys`. Keys that no row has are left out; the order is
   * not defined, unless `lock`: then rows are locked and given in key order.
   */
  getMany(table: Table, keys: KeySet, options?: { readonly lock?: boolean }): Promise<Row[]>
  /** Rows in key order. */
  range(table: Table, range: KeyRange): Promise<Row[]>
}

/** Several keys that begin alike. All of `keys` are equally long: the rest of the key, or the columns it begins with. */
export interface KeySet {
  readonly prefix: readonly Cell[]
  readonly keys: readonly (readonly Cell[])[]
}

/** Rows whose leading key columns equal `prefix`, and whose next key column lies between `from` and `to`. */
export interface KeyRange {
  /** In place of the key: the columns of the table's index. Rows that are equal in them come in key order. */
  readonly by?: 'index'
  readonly prefix: readonly Cell[]
  readonly from?: Bound
  readonly to?: Bound
  /** Only what comes, in the order of the range, behind the row whose columns after the prefix begin with these: a cursor. */
  readonly after?: readonly Cell[]
  /** From the highest key to the lowest. */
  readonly reverse?: boolean
  readonly limit?: number
}

/** One end of a {@link KeyRange}. */
export interface Bound {
  readonly cell: Cell
  readonly inclusive: boolean
}

/** Rows to change: those that equal `where` in every column named (`null` matches null) get the cells of `set`. */
export interface ConditionalUpdate {
  readonly where: Readonly<Record<string, Cell>>
  readonly set: Readonly<Record<string, Cell>>
}

/** What can be done inside {@link Database.transaction}. Each call is one statement, whatever the number of rows. */
export interface Transaction extends Reader {
  /** Inserts rows, or replaces those with the same key; no key may occur twice in `rows`. */
  upsertMany(table: Table, rows: readonly Row[]): Promise<void>
  /** Inserts rows whose key is not taken yet and answers how many those were. */
  insertMissing(table: Table, rows: readonly Row[]): Promise<number>
  /** Deletes what {@link getMany} would give and answers how many rows there were. */
  deleteMany(table: Table, keys: KeySet): Promise<number>
  /** Deletes a range, the first rows of it where there is a `limit`, and answers how many there were. */
  deleteRange(table: Table, range: KeyRange): Promise<number>
  /**
   * Applies every update to the rows that match it, in the order given, and answers how many rows changed in all.
   * All updates of one call name the same columns, and no row matches two of them. This is the fence: `where` holds the epoch.
   * A row that another transaction changes meanwhile is waited for, and then matched as it has become.
   */
  updateWhere(table: Table, updates: readonly ConditionalUpdate[]): Promise<number>
  /**
   * Gives a table the name of another, which must be free; its rows, partitions and order stay. The last that a transaction does
   * with either. Waits until nobody else reads or writes the table: set a `lockTimeoutMs`, since everybody behind waits as well.
   */
  renameTable(table: Table, name: string): Promise<void>
}
