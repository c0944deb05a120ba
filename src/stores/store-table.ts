import type { Column, Table } from '../database/table.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type {
  JoinBufferStoreDefinition,
  RecordBufferStoreDefinition,
  SubscriptionStoreDefinition,
  SuppressBufferStoreDefinition,
  ValueStoreDefinition,
} from './contract/store-definition.ts'
import { ORIGIN_COLUMNS } from './origin-cells.ts'
import { POSITION_COLUMNS } from './position-cells.ts'

/** What the table of a store depends on. */
export type TabledStore =
  | ValueStore
  | JoinBufferStoreDefinition
  | RecordBufferStoreDefinition
  | SubscriptionStoreDefinition
  | Omit<SuppressBufferStoreDefinition, 'countsBytes'>

type ValueStore = Pick<ValueStoreDefinition, 'kind' | 'name' | 'key' | 'value'>

const PARTITION: Column = { name: 'partition', type: 'int32' }

/** The table of a store: anyone can query it while the application runs. */
export function storeTable(store: TabledStore): Table {
  switch (store.kind) {
    case 'key-value':
      return { ...tableOf(store, []), key: ['partition', 'key'] }
    case 'window':
      return {
        ...tableOf(store, ['window_start', 'window_end']),
        key: ['partition', 'key', 'window_start'],
        index: ['partition', 'window_start'],
      }
    case 'session':
      return {
        ...tableOf(store, ['session_start', 'session_end']),
        key: ['partition', 'key', 'session_end', 'session_start'],
        index: ['partition', 'session_end', 'session_start'],
      }
    case 'versioned':
      return versionedTable(store)
    case 'join-window':
      return joinWindowTable(store)
    case 'join-buffer':
      return joinBufferTable(store)
    case 'record-buffer':
      return recordBufferTable(store)
    case 'suppress-buffer':
      return suppressBufferTable(store)
    case 'subscriptions':
      return subscriptionTable(store)
  }
}

/** Every record has its own row: those of one key and time are numbered. */
function joinWindowTable({ name, key, value }: ValueStore): Table {
  return {
    name,
    columns: [
      PARTITION,
      { name: 'key', type: keyColumnOf(key).type },
      { name: 'timestamp', type: 'timestamp' },
      { name: 'seq', type: 'int32' },
      { name: 'value', type: value.column.type },
    ],
    key: ['partition', 'key', 'timestamp', 'seq'],
    index: ['partition', 'timestamp'],
    partitioned: true,
  }
}

/** A record is of one side, the value of the other is null. */
function joinBufferTable({ name, key, left, right }: JoinBufferStoreDefinition): Table {
  return {
    name,
    columns: [
      PARTITION,
      { name: 'time', type: 'timestamp' },
      { name: 'side', type: 'text' },
      { name: 'key', type: keyColumnOf(key).type },
      { name: 'seq', type: 'int32' },
      { name: 'left_value', type: left.column.type, nullable: true },
      { name: 'right_value', type: right.column.type, nullable: true },
    ],
    key: ['partition', 'time', 'side', 'key', 'seq'],
    partitioned: true,
  }
}

function recordBufferTable({ name, key, value }: RecordBufferStoreDefinition): Table {
  return {
    name,
    columns: [
      PARTITION,
      { name: 'time', type: 'timestamp' },
      { name: 'key', type: keyColumnOf(key).type },
      { name: 'seq', type: 'int32' },
      { name: 'value', type: value.column.type },
      { name: 'headers', type: 'json' },
      ...POSITION_COLUMNS,
    ],
    key: ['partition', 'time', 'key', 'seq'],
    partitioned: true,
  }
}

/** The columns of every store, with the times of its kind behind the key. */
function tableOf({ name, key, value }: ValueStore, times: readonly string[]): Omit<Table, 'key'> {
  const columns: Column[] = [
    PARTITION,
    { name: 'key', type: keyColumnOf(key).type },
    ...times.map((time): Column => ({ name: time, type: 'timestamp' })),
    { name: 'value', type: value.column.type },
    { name: 'timestamp', type: 'timestamp' },
  ]
  return { name, columns, partitioned: true }
}

/** The prior value is what was told last; Kafka Streams' size of a change is kept where it is asked for. */
function suppressBufferTable({
  name,
  key,
  value,
}: Omit<SuppressBufferStoreDefinition, 'countsBytes'>): Table {
  const valueColumn = (column: string): Column => ({
    name: column,
    type: value.column.type,
    nullable: true,
  })
  return {
    name,
    columns: [
      PARTITION,
      { name: 'time', type: 'timestamp' },
      { name: 'key', type: keyColumnOf(key).type },
      ...['value', 'old_value', 'prior_value'].map(valueColumn),
      { name: 'timestamp', type: 'timestamp' },
      { name: 'headers', type: 'json' },
      { name: 'bytes', type: 'int32' },
      ...ORIGIN_COLUMNS,
    ],
    key: ['partition', 'time', 'key'],
    partitioned: true,
  }
}

function subscriptionTable({ name, key, primaryKey }: SubscriptionStoreDefinition): Table {
  return {
    name,
    columns: [
      PARTITION,
      { name: 'foreign_key', type: keyColumnOf(key).type },
      { name: 'primary_key', type: keyColumnOf(primaryKey).type },
      { name: 'value_hash', type: 'bytes', nullable: true },
      { name: 'primary_partition', type: 'int32' },
      { name: 'timestamp', type: 'timestamp' },
    ],
    key: ['partition', 'foreign_key', 'primary_key'],
    partitioned: true,
  }
}

/** Without a value: there was no row then. */
function versionedTable({ name, key, value }: ValueStore): Table {
  return {
    name,
    columns: [
      PARTITION,
      { name: 'key', type: keyColumnOf(key).type },
      { name: 'valid_from', type: 'timestamp' },
      { name: 'valid_to', type: 'timestamp', nullable: true },
      { name: 'value', type: value.column.type, nullable: true },
    ],
    key: ['partition', 'key', 'valid_from'],
    partitioned: true,
  }
}
