import { listRecords } from '../kafka/fetched-records.ts'
import type { FetchedBatch } from '../kafka/group-consumer.ts'
import type { ConsumedRecord, OutgoingRecord } from '../model/record.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/** The log of a partition, in memory. */
export class ToyLog implements TopicPartition {
  readonly topic: string
  readonly partition: number
  readonly #records: ConsumedRecord[] = []

  constructor({ topic, partition }: TopicPartition) {
    this.topic = topic
    this.partition = partition
  }

  get end(): bigint {
    return BigInt(this.#records.length)
  }

  isOf({ topic, partition }: TopicPartition): boolean {
    return topic === this.topic && partition === this.partition
  }

  /** Appends a record, and answers it as it is fetched. */
  append({ timestamp, key, value, headers }: OutgoingRecord): FetchedBatch {
    const offset = this.end
    this.#records.push({ offset, timestamp, key, value, headers })
    return this.from(offset)
  }

  /** Everything from an offset on. */
  from(offset: bigint): FetchedBatch {
    return {
      topic: this.topic,
      partition: this.partition,
      records: listRecords(this.#records.slice(Number(offset))),
      nextOffset: this.end,
      endOffset: this.end,
    }
  }
}
