import { decodeRecords } from '../../src/kafka/record-batch/decode-records.ts'
import { encodeRecords } from '../../src/kafka/record-batch/encode-records.ts'
import type { EncodedRecords } from '../../src/kafka/record-batch/encoded-records.ts'
import type { CommitUnit, SourcePosition } from '../../src/commit/commit-unit.ts'
import { encodeOutbox } from '../../src/commit/outbox-codec.ts'
import { prepareSchema, type SchemaPlan } from '../../src/commit/prepare-schema.ts'
import { memory } from '../../src/database/memory/index.ts'
import type { Database } from '../../src/database/database.ts'
import type { Row, Table } from '../../src/database/table.ts'
import { NO_HEADERS } from '../../src/model/headers.ts'
import type { OutgoingRecord } from '../../src/model/record.ts'
import type { TaskId } from '../../src/model/task-id.ts'
import { consoleLogger } from '../../src/telemetry/logger.ts'

/** The table of a store of numbers, four partitions. */
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

/** Bounds without effect in memory. */
export const NO_BOUNDS = {}

/** An empty database in memory. */
export function emptyDatabase(): Promise<Database> {
  return memory().open({ schema: 'test', logger: consoleLogger('silent') })
}

/** A database in memory with claim rows for these tasks and the table {@link COUNTS}. */
export async function databaseFor(
  taskIds: readonly TaskId[],
  plan: Partial<SchemaPlan> = {},
): Promise<Database> {
  const database = await emptyDatabase()
  const tables = [{ table: COUNTS, partitions: 4 }, ...(plan.tables ?? [])]
  await prepareSchema(database, { entries: [], keepers: [], ...plan, tables, taskIds })
  return database
}

/** All rows of a table, in key order. */
export function rowsOf(database: Database, table: Table): Promise<Row[]> {
  return database.range(table, { prefix: [] })
}

/** A record on its way out, of which a test says what matters to it. */
export function outgoing(value: string, parts: Partial<OutgoingRecord> = {}): OutgoingRecord {
  const bytes = Buffer.from(value)
  return {
    topic: 'out',
    partition: 0,
    timestamp: 0,
    key: bytes,
    value: bytes,
    headers: NO_HEADERS,
    ...parts,
  }
}

/** The values of records as they travel by outbox. */
export function valuesOf({ records }: { readonly records: readonly EncodedRecords[] }): string[] {
  return records.flatMap(decodeRecords).map(({ value }) => Buffer.from(value!).toString())
}

/** Records of such values as they travel by outbox. */
export function encoded(...values: string[]): EncodedRecords[] {
  return encodeRecords(values.map((value) => outgoing(value)))
}

/** Where a task of the topic `in` resumes. */
export function position(partition: number, nextOffset: bigint, topic = 'in'): SourcePosition {
  return { topic, partition, nextOffset }
}

/** A unit that changes nothing but its task's claim row. */
export function unitOf(taskId: TaskId, epoch: bigint, parts: Partial<CommitUnit> = {}): CommitUnit {
  return {
    taskId,
    epoch,
    sequence: 0n,
    streamTime: -1,
    positions: [],
    unread: [],
    changes: [],
    outbox: undefined,
    published: [],
    ...parts,
  }
}

/** A unit whose outbox batch has one record for each value. */
export function unitWithOutbox(
  taskId: TaskId,
  epoch: bigint,
  sequence: bigint,
  values: readonly string[] = [`${taskId}#${sequence}`],
): CommitUnit {
  const parts = encodeOutbox(encoded(...values))
  const partition = Number(taskId.split('_')[1])
  return unitOf(taskId, epoch, {
    sequence,
    positions: [position(partition, sequence)],
    outbox: { sequence, parts },
  })
}
