import type { Headers } from '../model/headers.ts'
import type { CellType, Cell } from '../model/cell.ts'

/**
 * Bytes ↔ values, and the SQL column that can hold the value.
 *
 * `Out` is what reading gives, `In` what writing takes; they differ where writing is more generous (an int64 takes a
 * `number` too). `null` never reaches a serde: a null key or value is null bytes.
 */
export interface Serde<Out, In = Out> {
  /** Stable name, kept in the catalogue: a store made with one serde is not opened with another. */
  readonly name: string
  /** @throws Error of any class when the value cannot be encoded; the runtime wraps it. */
  serialize(value: In, headers?: Headers): Uint8Array
  /**
   * @throws Error of any class when the bytes are not what this serde writes; the runtime wraps it.
   * @throws SchemaPendingError `SCHEMA_PENDING` when they cannot be read yet; the runtime tries again when they can. Columns do the
   *   same.
   */
  deserialize(bytes: Uint8Array, headers?: Headers): Out
  /** The column a store keeps such values in. */
  readonly column: ColumnCodec<Out, In>
  /** The column for keys, where it is another: equality of keys must be that of their bytes, and json is looser. */
  readonly keyColumn?: ColumnCodec<Out, In>
  /** Of the bytes of a key, those that say which partition it goes to. (Default: all of them) */
  partitionBytes?(key: Uint8Array): Uint8Array
  /**
   * Asks for what reading and writing need, before the first record; awaited by `Streams.start`. A serde that is made of others
   * prepares them. It may be called again.
   * @throws StreamsError that stops the start.
   */
  prepare?(use: SerdeUse): Promise<void>
}

/** What a serde is prepared for. */
export interface SerdeUse {
  /** Whether values are written with it, to a topic or a store. */
  readonly isWritten: boolean
  /** How what is asked for, now or when records are read, is tried again. (Default: as it was told before; else not at all) */
  readonly patiently?: Patiently
}

/** Repeats what fails for passing reasons (reaction `retry`), as long as an application waits for it. */
export type Patiently = <T>(work: () => Promise<T>) => Promise<T>

/** The column of a key: `keyColumn`, else `column`. */
export function keyColumnOf<Out, In>(serde: Serde<Out, In>): ColumnCodec<Out, In> {
  return serde.keyColumn ?? serde.column
}

/** A value's form in a column. */
export interface ColumnCodec<Out, In = Out> {
  readonly type: CellType
  /** @throws Error of any class when the column cannot hold the value. */
  toCell(value: In): Cell
  fromCell(cell: Cell): Out
}
