import type { OutboxKey, SourcePosition } from '../commit/commit-unit.ts'
import type { EncodedRecords } from '../kafka/record-batch/encoded-records.ts'
import type { TaskId } from '../model/task-id.ts'

/** A durable batch of one task on its way from the outbox to Kafka. */
export interface RelayBatch {
  readonly taskId: TaskId
  readonly sequence: bigint
  /** Its rows in the outbox: to be deleted once it is known to be published. None for progress alone. */
  readonly rows: readonly OutboxKey[]
  /** The source positions of the commit that made it, all partitions of the task. */
  readonly positions: readonly SourcePosition[]
  readonly records: readonly EncodedRecords[]
}
