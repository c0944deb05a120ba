import type { CellType } from '../../../model/cell.ts'

/** A type of PostgreSQL: its name in SQL and its object id, which binary arrays carry. */
export interface ColumnType {
  readonly name: string
  readonly oid: number
}

/** Which type holds each kind of cell. The ids are fixed in PostgreSQL's catalogue (`pg_type.dat`). */
export const COLUMN_TYPES: Readonly<Record<CellType, ColumnType>> = {
  boolean: { name: 'boolean', oid: 16 },
  bytes: { name: 'bytea', oid: 17 },
  double: { name: 'double precision', oid: 701 },
  int32: { name: 'integer', oid: 23 },
  int64: { name: 'bigint', oid: 20 },
  json: { name: 'jsonb', oid: 3802 },
  text: { name: 'text', oid: 25 },
  timestamp: { name: 'timestamptz', oid: 1184 },
}
