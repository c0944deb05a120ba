import { KafkaRefusedError, ProductionError, TopicMissingError } from '../../errors/kafka-errors.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { NewTopic, TopicDescription, TopicSize } from '../topics-and-offsets.ts'
import { MemoryLog } from './memory-log.ts'
import type { MemoryTransaction } from './memory-transaction.ts'

/** As in Kafka's `Topic.validate`. */
const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/
/** Kafka's default `max.message.bytes`. */
const RECORD_BYTES_MAX = 1_048_588

/** The topics of the broker in memory and their logs. */
export class MemoryTopics {
  readonly #topics = new Map<string, { readonly topicId: string; readonly logs: MemoryLog[] }>()

  get names(): readonly string[] {
    return [...this.#topics.keys()]
  }

  describe(topic: string): TopicDescription | undefined {
    const found = this.#topics.get(topic)
    return found && { partitions: found.logs.length, topicId: found.topicId }
  }

  /** Leaves a topic that exists as it is. */
  create({ topic, partitions }: NewTopic): void {
    if (this.#topics.has(topic)) return
    if (!TOPIC_NAME.test(topic))
      throw new KafkaRefusedError(`to create ${topic}`, 'the name is invalid')
    if (partitions < 1)
      throw new KafkaRefusedError(`to create ${topic}`, `it cannot have ${partitions} partitions`)
    const logs = Array.from({ length: partitions }, () => new MemoryLog())
    this.#topics.set(topic, { topicId: `memory-${this.#topics.size + 1}`, logs })
  }

  /** Never takes partitions away. */
  grow({ topic, partitions }: TopicSize): void {
    const logs = this.#topics.get(topic)?.logs
    while (logs && logs.length < partitions) logs.push(new MemoryLog())
  }

  /** Does at once what a broker does in its own time to a topic with `cleanup.policy` `compact`. */
  compact(topic: string): void {
    for (const log of this.#topics.get(topic)?.logs ?? []) log.compact()
  }

  /** @throws TopicMissingError `TOPIC_MISSING` when there is no such partition. */
  log({ topic, partition }: TopicPartition): MemoryLog {
    const log = this.#topics.get(topic)?.logs[partition]
    if (!log) throw new TopicMissingError([topic], 'read')
    return log
  }

  /** All of the records or, when one is refused, none. @throws ProductionError `PRODUCTION_REFUSED`. */
  append(records: readonly OutgoingRecord[], transaction?: MemoryTransaction): void {
    const logs = records.map((record) => this.#logFor(record))
    for (const [index, record] of records.entries()) logs[index]!.append(record, transaction)
  }

  #logFor(record: OutgoingRecord): MemoryLog {
    const log = this.#topics.get(record.topic)?.logs[record.partition]
    if (!log) throw new ProductionError(record.topic, `there is no partition ${record.partition}`)
    if (sizeOf(record) > RECORD_BYTES_MAX)
      throw new ProductionError(record.topic, 'a record is too large')
    return log
  }
}

function sizeOf({ key, value }: OutgoingRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}
