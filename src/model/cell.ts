/** The types of columns, in words of SQL that every database has in some form. */
export type CellType =
  'boolean' | 'bytes' | 'double' | 'int32' | 'int64' | 'json' | 'text' | 'timestamp'

/** A JSON value. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/**
 * A value in a column. By type: boolean → boolean · bytes → Uint8Array · double, int32 → number · int64 → bigint (a safe
 * integer `number` may be written) · json → a JSON value · text → string · timestamp → milliseconds since the epoch (number;
 * `Infinity` is the end of time).
 */
export type Cell = JsonValue | bigint | Uint8Array
