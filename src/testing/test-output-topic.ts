import type { Headers } from '../model/headers.ts'
import type { Serde } from '../serdes/serde.ts'
import type { OutputQueue } from './output-queue.ts'
import type { TestRecord } from './test-record.ts'

/** How a test reads an output topic. `K` and `V` are what the serdes read. */
export interface TestOutputTopicOptions<K, V> {
  readonly key: Serde<K, never>
  readonly value: Serde<V, never>
}

/**
 * An output topic under test; made by `TopologyTestDriver.createOutputTopic`.
 *
 * Reading takes records away, in the order of each partition. Two objects of one topic read from the same queue.
 */
export class TestOutputTopic<K, V> {
  readonly #topic: string
  readonly #queue: OutputQueue
  readonly #options: TestOutputTopicOptions<K, V>

  /** @param queue What is not read yet; shared with the one who fills it. @internal */
  constructor(topic: string, queue: OutputQueue, options: TestOutputTopicOptions<K, V>) {
    this.#topic = topic
    this.#queue = queue
    this.#options = options
  }

  /** Whether there is nothing to read. */
  get isEmpty(): boolean {
    return this.#queue.size === 0
  }

  /** How many records there are to read. */
  get queueSize(): number {
    return this.#queue.size
  }

  /** Takes the next record. @throws TypeError when there is none, as Kafka's `NoSuchElementException`. */
  readRecord(): TestRecord<K, V> {
    const record = this.#queue.take()
    if (!record) throw new TypeError(`topic ${this.#topic} has no record to read`)
    const { key, value, timestamp, headers, partition } = record
    return {
      key: decode(this.#options.key, key, headers),
      value: decode(this.#options.value, value, headers),
      timestamp,
      headers,
      partition,
    }
  }

  /** As {@link readRecord}: its key and value. */
  readKeyValue(): [key: K | null, value: V | null] {
    const { key, value } = this.readRecord()
    return [key, value]
  }

  /** As {@link readRecord}: its value. */
  readValue(): V | null {
    return this.readRecord().value
  }

  /** Takes all records there are. */
  readRecords(): TestRecord<K, V>[] {
    return Array.from({ length: this.queueSize }, () => this.readRecord())
  }

  /** Takes all records there are: keys and values. */
  readKeyValues(): [key: K | null, value: V | null][] {
    return this.readRecords().map(({ key, value }) => [key, value])
  }

  /** Takes all records there are: values. */
  readValues(): (V | null)[] {
    return this.readRecords().map(({ value }) => value)
  }

  /** Takes all records there are: the last value of each key. */
  readKeyValuesToMap(): Map<K | null, V | null> {
    return new Map(this.readKeyValues())
  }
}

function decode<T>(serde: Serde<T, never>, bytes: Uint8Array | null, headers: Headers): T | null {
  return bytes === null ? null : serde.deserialize(bytes, headers)
}
