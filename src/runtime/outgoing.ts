import { outboxBytes } from '../commit/outbox-codec.ts'
import { partitionOf } from '../model/murmur2.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { SinkRecord } from '../topology/processing/node-context.ts'

/** How a topic is written. */
export interface SinkTopic {
  readonly partitions: number
  /** By outbox and relay, exactly once; otherwise acknowledged by Kafka before the database commits, at least once. */
  readonly byOutbox: boolean
}

/** The records of a unit, each list in order. */
export interface SealedOutgoing {
  readonly byOutbox: readonly OutgoingRecord[]
  readonly direct: readonly OutgoingRecord[]
}

/** Records that a task sends in its open unit. */
export class Outgoing {
  readonly #topics: ReadonlyMap<string, SinkTopic>
  #byOutbox: OutgoingRecord[] = []
  #direct: OutgoingRecord[] = []
  #bytes = 0
  #roundRobin = 0

  /** @param topics Every topic that is written. */
  constructor(topics: ReadonlyMap<string, SinkTopic>) {
    this.#topics = topics
  }

  /** Size of the open unit in the outbox, at most. */
  get bytes(): number {
    return this.#bytes
  }

  /** Adds a record; its partition is that of the Java producer for its key, in turn where it has none. */
  add({ topic, key, value, timestamp, headers }: SinkRecord): void {
    const { partitions, byOutbox } = this.#topics.get(topic)!
    const partition = key ? partitionOf(key, partitions) : this.#roundRobin++ % partitions
    const record = { topic, partition, timestamp, key, value, headers }
    if (byOutbox) this.#byOutbox.push(record)
    else this.#direct.push(record)
    this.#bytes += outboxBytes(record)
  }

  /** Ends the open unit and gives its records. */
  seal(): SealedOutgoing {
    const sealed = { byOutbox: this.#byOutbox, direct: this.#direct }
    this.#byOutbox = []
    this.#direct = []
    this.#bytes = 0
    return sealed
  }
}
