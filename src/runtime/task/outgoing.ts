import type { EncodedRecords } from '../../kafka/record-batch/encoded-records.ts'
import { RecordsEncoder } from '../../kafka/record-batch/records-encoder.ts'
import { partitionOf } from '../../model/murmur2.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import type { SinkRecord } from '../../topology/processing/node-context.ts'

/** How a topic is written. */
export interface SinkTopic {
  readonly partitions: number
  /** By outbox and relay, exactly once; otherwise acknowledged by Kafka before the database commits, at least once. */
  readonly byOutbox: boolean
}

/** A topic that is written by outbox, and what goes to each of its partitions. */
interface EncodedTopic {
  readonly partitions: number
  readonly encoders: readonly RecordsEncoder[]
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
  readonly #encoded = new Map<string, EncodedTopic>()
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

  /** How many a topic has to which records may be added. */
  partitionsOf(topic: string): number {
    return this.#topics.get(topic)!.partitions
  }

  /** Adds a record; unless it has one, its partition is that of the Java producer for its key, in turn where it has none. */
  add(record: SinkRecord): void {
    const encoded = this.#encoded.get(record.topic) ?? this.#open(record.topic)
    if (!encoded) return this.#addDirect(record)
    const encoder = encoded.encoders[this.#partitionOf(record, encoded.partitions)]!
    this.#bytes += encoder.add(record)
  }

  /** Ends the open unit and gives its records. */
  seal(): SealedOutgoing {
    const direct = this.#direct
    this.#direct = []
    this.#bytes = 0
    const encoders = [...this.#encoded.values()].flatMap((topic) => topic.encoders)
    return { byOutbox: encoders.flatMap((encoder) => encoder.seal()), direct }
  }

  #addDirect(record: SinkRecord): void {
    const { partitions } = this.#topics.get(record.topic)!
    this.#direct.push({ ...record, partition: this.#partitionOf(record, partitions) })
  }

  #partitionOf({ partition, partitionBytes, key }: SinkRecord, partitions: number): number {
    if (partition !== undefined) return partition
    const hashed = partitionBytes ?? key
    return hashed ? partitionOf(hashed, partitions) : this.#roundRobin++ % partitions
  }

  /** Nothing for a topic that is not written by outbox. */
  #open(topic: string): EncodedTopic | undefined {
    const { partitions, byOutbox } = this.#topics.get(topic)!
    if (!byOutbox) return undefined
    const encoders = encodersOf(topic, partitions)
    const opened = { partitions, encoders }
    this.#encoded.set(topic, opened)
    return opened
  }
}

function encodersOf(topic: string, partitions: number): RecordsEncoder[] {
  return Array.from(
    { length: partitions },
    (_, partition) => new RecordsEncoder({ topic, partition }),
  )
}
