import type { Table } from '../database/table.ts'

/** Version of the tables below; a change of any of them needs a forward migration and a new number. */
export const SYSTEM_VERSION = 1

/** Who owns which task: the claim rows. The fence is an update of these. */
export const TASKS: Table = {
  name: 'rowstream_tasks',
  columns: [
    { name: 'task', type: 'text' },
    { name: 'epoch', type: 'int64' },
    // The only id under which an undecided Kafka transaction can hold batches of this task; null: there is none.
    { name: 'transactional_id', type: 'text', nullable: true },
    { name: 'instance', type: 'text', nullable: true },
    // Sequence of the last outbox batch of the task.
    { name: 'sequence', type: 'int64' },
    // Highest timestamp processed, milliseconds; −1 before the first record.
    { name: 'stream_time', type: 'int64' },
  ],
  key: ['task'],
  hot: true,
}

/** Where each task resumes: the next offset of each source partition. */
export const OFFSETS: Table = {
  name: 'rowstream_offsets',
  columns: [
    { name: 'task', type: 'text' },
    { name: 'topic', type: 'text' },
    { name: 'partition', type: 'int32' },
    { name: 'next_offset', type: 'int64' },
    { name: 'topic_id', type: 'text', nullable: true },
    { name: 'leader_epoch', type: 'int32', nullable: true },
  ],
  key: ['task', 'topic', 'partition'],
  hot: true,
}

/** Records that a commit has promised to Kafka: one row per commit and task, more where it would be too large. */
export const OUTBOX: Table = {
  name: 'rowstream_outbox',
  columns: [
    { name: 'task', type: 'text' },
    { name: 'sequence', type: 'int64' },
    { name: 'part', type: 'int32' },
    // The source positions of the commit that made this batch: they travel in the Kafka transaction that publishes it.
    { name: 'positions', type: 'json' },
    { name: 'records', type: 'bytes' },
  ],
  key: ['task', 'sequence', 'part'],
}

/** Times that the nodes of a task keep, by name: milliseconds. */
export const TIMES: Table = {
  name: 'rowstream_times',
  columns: [
    { name: 'task', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'time', type: 'int64' },
  ],
  key: ['task', 'name'],
  hot: true,
}

/** What the nodes of a task have set to happen at a time, by node and key. */
export const TIMERS: Table = {
  name: 'rowstream_timers',
  columns: [
    { name: 'task', type: 'text' },
    { name: 'node', type: 'text' },
    { name: 'key', type: 'text' },
    // By which time: `stream-time` or `wall-clock`.
    { name: 'type', type: 'text' },
    { name: 'at', type: 'int64' },
  ],
  key: ['task', 'node', 'key'],
}

/** What the database was made for: stores with their serdes, topics with their partition counts. */
export const CATALOGUE: Table = {
  name: 'rowstream_catalogue',
  columns: [
    { name: 'kind', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'description', type: 'json' },
  ],
  key: ['kind', 'name'],
}

/** Stores whose rows are being migrated from one version to another. */
export const MIGRATIONS: Table = {
  name: 'rowstream_migrations',
  columns: [
    { name: 'store', type: 'text' },
    { name: 'to_version', type: 'int32' },
    { name: 'from_version', type: 'int32' },
    { name: 'step', type: 'int64' },
    { name: 'phase', type: 'text' },
    { name: 'partition', type: 'int32' },
    { name: 'cursor', type: 'json', nullable: true },
    { name: 'rows', type: 'int64' },
  ],
  key: ['store', 'to_version'],
}

/** The version of the system tables themselves. */
export const VERSION: Table = {
  name: 'rowstream_version',
  columns: [
    { name: 'component', type: 'text' },
    { name: 'version', type: 'int32' },
  ],
  key: ['component'],
}

/** All of them, in the order in which they are made. */
export const SYSTEM_TABLES: readonly Table[] = [
  VERSION,
  CATALOGUE,
  TASKS,
  OFFSETS,
  OUTBOX,
  TIMES,
  TIMERS,
  MIGRATIONS,
]
