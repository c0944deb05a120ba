import type { EncodedRecords } from '../kafka/record-batch/encoded-records.ts'
import { RecordsEncoder } from '../kafka/record-batch/records-encoder.ts'
import { partitionOf } from '../model/murmur2.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { SinkRecord } from '../topology/processing/node-context.ts'

/** How a topic is written. */
export interface SinkTopic {
  readonly partitions: number
  /** By outbox and relay, exactly once; otherwise acknowledged by Kafka before the database commits, at least once. */
  readonly byOutbox: boolean
}

/** The records of a unit, those of each partition in order. */
export interface SealedOutgoing {
  readonly byOutbox: readonly EncodedRecords[]
  readonly direct: readonly OutgoingRecord[]
}

/** Records that a task sends in its open unit. What goes to the outbox is encoded here, once: the relay sends these bytes. */
export class Outgoing {
  readonly #topics: ReadonlyMap<string, SinkTopic>
  readonly #encoders = new Map<string, RecordsEncoder[]>()
  #direct: OutgoingRecord[] = []
  #bytes = 0
  #roundRobin = 0

  /** @param topics Every topic that is written. */
  constructor(topics: ReadonlyMap<string, SinkTopic>) {
    this.#topics = topics
    for (const [topic, { partitions, byOutbox }] of topics)
      if (byOutbox) this.#encoders.set(topic, encodersOf(topic, partitions))
  }

  /** Encoded records of the open unit. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds a record; its partition is that of the Java producer for its key, in turn where it has none. */
  add(record: SinkRecord): void {
    const { topic, key } = record
    const { partitions } = this.#topics.get(topic)!
    const partition = key ? partitionOf(key, partitions) : this.#roundRobin++ % partitions
    const encoder = this.#encoders.get(topic)?.[partition]
    if (encoder) this.#bytes += encoder.add(record)
    else this.#direct.push({ ...record, partition })
  }

  /** Ends the open unit and gives its records. */
  seal(): SealedOutgoing {
    const direct = this.#direct
    this.#direct = []
    this.#bytes = 0
    return { byOutbox: [...this.#encoders.values()].flat().flatMap((one) => one.seal()), direct }
  }
}

function encodersOf(topic: string, partitions: number): RecordsEncoder[] {
  return Array.from(
    { length: partitions },
    (_, partition) => new RecordsEncoder({ topic, partition }),
  )
}
