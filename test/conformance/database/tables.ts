import type { Cell, CellType } from '../../../src/model/cell.ts'
import type { Table } from '../../../src/database/table.ts'

/** One nullable column of each type, named after it. */
export const CELLS: Table = {
  name: 'cells',
  columns: [
    { name: 'id', type: 'int32' },
    { name: 'boolean', type: 'boolean', nullable: true },
    { name: 'bytes', type: 'bytes', nullable: true },
    { name: 'double', type: 'double', nullable: true },
    { name: 'int32', type: 'int32', nullable: true },
    { name: 'int64', type: 'int64', nullable: true },
    { name: 'json', type: 'json', nullable: true },
    { name: 'text', type: 'text', nullable: true },
    { name: 'timestamp', type: 'timestamp', nullable: true },
  ],
  key: ['id'],
}

/** A store, as rowstream makes them. */
export const COUNTS: Table = {
  name: 'counts',
  columns: [
    { name: 'partition', type: 'int32' },
    { name: 'key', type: 'text' },
    { name: 'value', type: 'int64' },
    { name: 'timestamp', type: 'timestamp' },
  ],
  key: ['partition', 'key'],
  partitioned: true,
}
/** How many partitions the suite gives {@link COUNTS}. */
export const PARTITIONS = 4

/** Three key columns of different types, and an index on two of them. */
export const WINDOWS: Table = {
  name: 'windows',
  columns: [
    { name: 'partition', type: 'int32' },
    { name: 'key', type: 'text' },
    { name: 'start', type: 'timestamp' },
    { name: 'value', type: 'double' },
  ],
  key: ['partition', 'key', 'start'],
  index: ['partition', 'start'],
  partitioned: true,
}

/** Claim rows: what the fence updates. */
export const TASKS: Table = {
  name: 'tasks',
  columns: [
    { name: 'task', type: 'text' },
    { name: 'epoch', type: 'int64' },
    { name: 'owner', type: 'text', nullable: true },
  ],
  key: ['task'],
  hot: true,
}

/** Nothing but a key. */
export const NAMES: Table = {
  name: 'names',
  columns: [{ name: 'name', type: 'text' }],
  key: ['name'],
}

/** Everything the suite needs. */
export const ALL_TABLES = [
  { table: CELLS },
  { table: COUNTS, partitions: PARTITIONS },
  { table: WINDOWS, partitions: PARTITIONS },
  { table: TASKS },
  { table: NAMES },
]

/** A table whose key is one column of this type. */
export function keyedBy(type: CellType): Table {
  return {
    name: `by_${type}`,
    columns: [
      { name: 'key', type },
      { name: 'value', type: 'int32' },
    ],
    key: ['key'],
  }
}

/** A row of {@link CELLS} with nothing but one cell. */
export function cellRow(id: number, type: CellType, cell: Cell): Cell[] {
  return CELLS.columns.map(({ name }) => (name === 'id' ? id : name === type ? cell : null))
}
