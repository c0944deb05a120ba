import { TIMERS } from '../../commit/system-tables.ts'
import { keyOf } from '../../database/key-of.ts'
import type { Row, Table } from '../../database/table.ts'
import { ReshardError } from '../../errors/reshard-error.ts'
import type { Cell } from '../../model/cell.ts'
import { partitionOf } from '../../model/murmur2.ts'
import { taskId } from '../../model/task-id.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import { keyBytesIn, primaryKeyBytesIn, type KeyBytesOf } from '../../stores/row-place.ts'
import { storeTable } from '../../stores/store-table.ts'
import type { GrownSubtopology, Resize } from './resize.ts'

/** Rows whose first cell names the partition that they belong to. */
export interface PlacedRows {
  readonly table: Table
  /** The first cell of the rows of a partition. */
  prefixOf(partition: number): Cell
  /** The row as it is to be, the same where nothing changes. */
  moved(row: Row): Row
  /** @throws ReshardError `RESHARD_REFUSED` for a row that is not where its key belonged before. */
  check(row: Row, partition: number): void
}

/** The rows of the stores of a sub-topology, and its timers. */
export function placedRowsOf(grown: GrownSubtopology, resize: Resize): PlacedRows[] {
  const { subtopology } = grown
  return [...subtopology.stores.map((store) => rowsOfStore(store, grown, resize)), timersOf(grown)]
}

function rowsOfStore(store: StoreDefinition, grown: GrownSubtopology, resize: Resize): PlacedRows {
  const rows = placed(storeTable(store), keyBytesIn(store), grown, (partition) => partition)
  return store.kind === 'subscriptions' ? withSubscribers(rows, store, resize) : rows
}

/** By the text of their keys: they are to be those of the records. */
function timersOf(grown: GrownSubtopology): PlacedRows {
  const bytesOf = (row: Row) => Buffer.from(row[2] as string)
  return placed(TIMERS, bytesOf, grown, (partition) => taskId(grown.subtopology.id, partition))
}

function placed(
  table: Table,
  bytesOf: KeyBytesOf,
  { from, to }: GrownSubtopology,
  prefixOf: (partition: number) => Cell,
): PlacedRows {
  return {
    table,
    prefixOf,
    moved: (row) => {
      const prefix = prefixOf(partitionOf(bytesOf(row), to))
      return prefix === row[0] ? row : [prefix, ...row.slice(1)]
    },
    check: (row, partition) => {
      const expected = partitionOf(bytesOf(row), from)
      if (expected !== partition) throw misplaced(table, row, `${partition}, not ${expected}`)
    },
  }
}

/** A subscription says too in which partition the row is that subscribes. */
function withSubscribers(
  rows: PlacedRows,
  store: StoreDefinition & { kind: 'subscriptions' },
  resize: Resize,
): PlacedRows {
  const { from, to } = resize.responsesOf(store)
  const bytesOf = primaryKeyBytesIn(store)
  const at = rows.table.columns.findIndex(({ name }) => name === 'primary_partition')
  return {
    ...rows,
    moved: (row) => {
      const partition = partitionOf(bytesOf(row), to)
      return rows.moved(partition === row[at] ? row : row.with(at, partition))
    },
    check: (row, partition) => {
      rows.check(row, partition)
      const expected = partitionOf(bytesOf(row), from)
      if (expected !== row[at]) throw misplaced(rows.table, row, `of subscribers ${expected}`)
    },
  }
}

function misplaced(table: Table, row: Row, where: string): ReshardError {
  const key = keyOf(table, row).slice(1).map(String).join(', ')
  return new ReshardError(
    `the row (${key}) of ${table.name} is in partition ${where}, where producers of Java put its key: something else decides in which ` +
      'partition it is, and nobody can say in which it will be',
    'start under another applicationId',
  )
}
