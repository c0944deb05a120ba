import type { Cell, CellType } from '../model/cell.ts'

/** A column of a table. */
export interface Column {
  readonly name: string
  readonly type: CellType
  /** `false` unless said. */
  readonly nullable?: boolean
}

/** What a table is, in words that every adapter can turn into its own. Identifiers are always quoted; over 63 bytes they get a hash suffix. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Names of the primary key's columns, in order: the order of every range. */
  readonly key: readonly string[]
  /** Split by the list of values of the column `partition`, the first of the key: a child for each up to 1,000, above that by remainder. */
  readonly partitioned?: boolean
  /** Columns of a second order in which rows can be read and deleted, kept beside that of the key. */
  readonly index?: readonly string[]
  /** A column that is rewritten in every transaction: leave room for updates in place (`fillfactor`). */
  readonly hot?: boolean
}

/**
 * A row: its cells in the order of {@link Table.columns}. Text sorts by UTF-8 bytes everywhere (`collate "C"`), NaN above all.
 * No adapter takes U+0000 or a lone surrogate in a text or in JSON, nor a time before 4714-11-24 BC (−210,866,803,200,000).
 */
export type Row = readonly Cell[]
