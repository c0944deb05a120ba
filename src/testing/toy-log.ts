import { listRecords } from '../kafka/fetched-records.ts'
import type { FetchedBatch } from '../kafka/group-consumer.ts'
import type { ConsumedRecord, OutgoingRecord } from '../model/record.ts'

/** The log of a topic with one partition, in memory. */
export class ToyLog {
  readonly topic: string
  readonly #records: ConsumedRecord[] = []

  constructor(topic: string) {
    this.topic = topic
  }

  get end(): bigint {
    return BigInt(this.#records.length)
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
      partition: 0,
      records: listRecords(this.#records.slice(Number(offset))),
      nextOffset: this.end,
      endOffset: this.end,
    }
  }
}
