import type { StreamsError } from '../../errors/streams-error.ts'
import type { ConsumedRecord, RecordOrigin, RecordPosition } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'

/** A record of a partition that waits or is being processed, and what it came from. */
export class QueuedRecord implements RecordOrigin {
  readonly offset: bigint
  /** Or the reason why it cannot be read; that may turn out to be a passing one. */
  record: StreamRecord | StreamsError
  readonly source: ConsumedRecord | undefined
  readonly #partition: TopicPartition

  constructor(
    partition: TopicPartition,
    offset: bigint,
    record: StreamRecord | StreamsError,
    source: ConsumedRecord | undefined,
  ) {
    this.#partition = partition
    this.offset = offset
    this.record = record
    this.source = source
  }

  /** Made when it is asked for: of most records nobody says where they came from. */
  get position(): RecordPosition {
    const { topic, partition } = this.#partition
    return { topic, partition, offset: this.offset }
  }
}
