import { outboxBytes } from '../commit/outbox-codec.ts'
import { partitionOf } from '../model/murmur2.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { SinkRecord } from '../topology/processing/node-context.ts'

/** Records that a task sends in its open unit, in order. */
export class Outgoing {
  readonly #partitionsOf: ReadonlyMap<string, number>
  #records: OutgoingRecord[] = []
  #bytes = 0
  #roundRobin = 0

  /** @param partitionsOf Number of partitions of each topic that is written. */
  constructor(partitionsOf: ReadonlyMap<string, number>) {
    this.#partitionsOf = partitionsOf
  }

  /** Size of the open unit in the outbox, at most. */
  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#records.length === 0
  }

  /** Adds a record; its partition is that of the Java producer for its key, in turn where it has none. */
  add({ topic, key, value, timestamp, headers }: SinkRecord): void {
    const partitions = this.#partitionsOf.get(topic) ?? 1
    const partition = key ? partitionOf(key, partitions) : this.#roundRobin++ % partitions
    const record = { topic, partition, timestamp, key, value, headers }
    this.#records.push(record)
    this.#bytes += outboxBytes(record)
  }

  /** Ends the open unit and gives its records. */
  seal(): readonly OutgoingRecord[] {
    const records = this.#records
    this.#records = []
    this.#bytes = 0
    return records
  }
}
