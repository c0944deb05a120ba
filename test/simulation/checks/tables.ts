import { REPLAYED } from '../../../src/commit/outbox-codec.ts'
import { OFFSETS, OUTBOX, TASKS } from '../../../src/commit/system-tables.ts'
import type { MemorySchema } from '../../../src/database/memory/memory-schema.ts'
import type { Row } from '../../../src/database/table.ts'

/** A claim row. */
export interface TaskRow {
  readonly task: string
  readonly epoch: bigint
  readonly transactionalId: string | null
  readonly sequence: bigint
}

/** Where a task goes on in a partition. */
export interface PositionRow {
  readonly task: string
  readonly topic: string
  readonly partition: number
  readonly nextOffset: bigint
}

/** A row of the outbox that holds records, not only a marker. */
export interface OutboxEntry {
  readonly task: string
  readonly sequence: bigint
  readonly part: number
}

/** A row of a store whose keys are texts. */
export interface StoreRow {
  readonly partition: number
  readonly key: string
  readonly value: string
}

export function readTasks(schema: MemorySchema): TaskRow[] {
  return rowsOf(schema, TASKS.name).map((row) => ({
    task: row[0] as string,
    epoch: row[1] as bigint,
    transactionalId: row[2] as string | null,
    sequence: row[4] as bigint,
  }))
}

export function readPositions(schema: MemorySchema): PositionRow[] {
  return rowsOf(schema, OFFSETS.name).map((row) => ({
    task: row[0] as string,
    topic: row[1] as string,
    partition: row[2] as number,
    nextOffset: row[3] as bigint,
  }))
}

export function readOutbox(schema: MemorySchema): OutboxEntry[] {
  return rowsOf(schema, OUTBOX.name)
    .filter((row) => !Buffer.from(row[4] as Uint8Array).equals(REPLAYED))
    .map((row) => ({
      task: row[0] as string,
      sequence: row[1] as bigint,
      part: row[2] as number,
    }))
}

export function readStore(schema: MemorySchema, name: string): StoreRow[] {
  return rowsOf(schema, name).map((row) => ({
    partition: row[0] as number,
    key: row[1] as string,
    value: (row[2] as string | bigint).toString(),
  }))
}

/** As they were committed. */
function rowsOf(schema: MemorySchema, name: string): Row[] {
  const { committed } = schema.table({ name, columns: [], key: [] })
  return committed.within(() => 0).map(({ row }) => row)
}
