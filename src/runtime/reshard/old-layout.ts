import { ReshardError } from '../../errors/reshard-error.ts'
import { listRecords } from '../../kafka/fetched-records.ts'
import type { FetchedBatch } from '../../kafka/group-consumer.ts'
import { partitionOf } from '../../model/murmur2.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { Intake } from '../intake.ts'
import type { GrownTopic } from './resize.ts'

/**
 * Lets pass what was written to a topic before it had grown, and no more: a key that was written after that may belong to another
 * partition by now, and so do its rows then. Where a key belongs to the same partition both times, it goes with those before it.
 */
export class OldLayout implements Intake {
  readonly #topics: ReadonlyMap<string, GrownTopic>
  /** Of partitions in which somebody has written since the topic has grown: where that begins. */
  readonly #ends = new Map<string, bigint>()
  readonly #seen = new Map<string, bigint>()

  constructor(topics: readonly GrownTopic[]) {
    this.#topics = new Map(topics.map((grown) => [grown.topic, grown]))
  }

  /** @throws ReshardError `RESHARD_REFUSED` for a record of before behind one of after: neither may wait for the other. */
  take(batch: FetchedBatch): FetchedBatch {
    const grown = this.#topics.get(batch.topic)
    if (!grown) return batch
    const name = formatTopicPartition(batch)
    const records = batch.records.take(batch.records.count)
    const isIn = (record: ConsumedRecord, partitions: number) =>
      record.key === null || partitionOf(record.key, partitions) === batch.partition
    const end = this.#ends.get(name) ?? records.find((record) => !isIn(record, grown.from))?.offset
    this.#seen.set(name, batch.nextOffset)
    if (end === undefined) return { ...batch, records: listRecords(records) }
    this.#ends.set(name, end)
    const late = records.find((record) => record.offset >= end && !isIn(record, grown.to))
    if (late) throw mixed(batch, late, grown)
    const before = listRecords(records.filter(({ offset }) => offset < end))
    return { ...batch, records: before, nextOffset: end, endOffset: end }
  }

  seen(partition: TopicPartition): bigint | undefined {
    return this.#seen.get(formatTopicPartition(partition))
  }
}

function mixed(
  { topic, partition }: TopicPartition,
  { offset }: ConsumedRecord,
  { from, to }: GrownTopic,
): ReshardError {
  const name = formatTopicPartition({ topic, partition })
  return new ReshardError(
    `the record at offset ${offset} of ${name} belongs there by ${from} partitions only, and lies behind others that belong there by ` +
      `${to}: somebody went on to write as before the topic had grown, or puts keys elsewhere than producers of Java do`,
    'set next_offset of the partition in rowstream_offsets behind that record, which leaves out what is before it, or start under another applicationId',
  )
}
