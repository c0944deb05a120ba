import type { Column } from '../database/table.ts'
import type { Cell } from '../model/cell.ts'
import type { RecordPosition } from '../model/record.ts'

/** Columns that say where a record came from; null where it came from no topic. */
export const POSITION_COLUMNS: readonly Column[] = [
  { name: 'topic', type: 'text', nullable: true },
  { name: 'topic_partition', type: 'int32', nullable: true },
  { name: 'topic_offset', type: 'int64', nullable: true },
]

/** The cells of {@link POSITION_COLUMNS}. */
export function positionCells(position: RecordPosition | undefined): readonly Cell[] {
  return position ? [position.topic, position.partition, position.offset] : [null, null, null]
}

/** The position of such cells. */
export function positionOf([topic, partition, offset]: readonly Cell[]):
  RecordPosition | undefined {
  if (typeof topic !== 'string') return undefined
  return { topic, partition: partition as number, offset: offset as bigint }
}
