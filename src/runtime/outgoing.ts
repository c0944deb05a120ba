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

/** The topics that are written, by name. */
export interface KnownTopics {
  get(topic: string): SinkTopic | undefined
}

/** The records of a unit, those of each partition in order. */
export interface SealedOutgoing {
  readonly byOutbox: readonly EncodedRecords[]
  readonly direct: readonly OutgoingRecord[]
}

/** Records that a task sends in its open unit. What goes to the outbox is encoded here, once: the relay sends these bytes. */
export class Outgoing {
  readonly #topics: KnownTopics
  readonly #encoders = new Map<string, RecordsEncoder[]>()
  #direct: OutgoingRecord[] = []
  #bytes = 0
  #roundRobin = 0

  /** @param topics Every topic that is written, by the time that a record is added for it. */
  constructor(topics: KnownTopics) {
    this.#topics = topics
  }

  /** Encoded records of the open unit. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether the open unit has any, of either kind. */
  get isEmpty(): boolean {
    return this.#bytes === 0 && this.#direct.length === 0
  }

  /** Adds a record; unless it has one, its partition is that of the Java producer for its key, in turn where it has none. */
  add(record: SinkRecord): void {
    const { topic, key } = record
    const { partitions, byOutbox } = this.#topics.get(topic)!
    const partition =
      record.partition ?? this.#partitionOf(record.partitionBytes ?? key, partitions)
    if (byOutbox) this.#bytes += this.#encoderOf(topic, partition, partitions).add(record)
    else this.#direct.push({ ...record, partition })
  }

  #partitionOf(key: Uint8Array | null, partitions: number): number {
    return key ? partitionOf(key, partitions) : this.#roundRobin++ % partitions
  }

  /** Ends the open unit and gives its records. */
  seal(): SealedOutgoing {
    const direct = this.#direct
    this.#direct = []
    this.#bytes = 0
    return { byOutbox: [...this.#encoders.values()].flat().flatMap((one) => one.seal()), direct }
  }

  #encoderOf(topic: string, partition: number, partitions: number): RecordsEncoder {
    let encoders = this.#encoders.get(topic)
    if (!encoders) this.#encoders.set(topic, (encoders = encodersOf(topic, partitions)))
    return encoders[partition]!
  }
}

function encodersOf(topic: string, partitions: number): RecordsEncoder[] {
  return Array.from(
    { length: partitions },
    (_, partition) => new RecordsEncoder({ topic, partition }),
  )
}
