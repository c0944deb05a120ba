import { NO_HEADERS } from '../model/headers.ts'
import { partitionOf } from '../model/murmur2.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { Serde } from '../serdes/serde.ts'
import type { TestInput } from './test-record.ts'

/** How a test writes an input topic. `K` and `V` are what the serdes take. */
export interface TestInputTopicOptions<K, V> {
  readonly key: Serde<unknown, K>
  readonly value: Serde<unknown, V>
  /** Timestamp of the first record that has none, in milliseconds. (Default: the driver's clock when the topic was created) */
  readonly startTimestamp?: number
  /** How far the time of the topic advances after each record that had no timestamp. (Default: 0 ms) */
  readonly autoAdvanceMs?: number
}

/** What an input topic needs of its driver. */
export interface InputTarget {
  readonly topic: string
  readonly partitions: number
  /** The partition of the next record without a key. */
  nextInTurn(): number
  /** Resolves when everything that the records cause is done. */
  pipe(records: readonly OutgoingRecord[]): Promise<void>
}

/** An input topic under test; made by `TopologyTestDriver.createInputTopic`. */
export class TestInputTopic<K, V> {
  readonly #target: InputTarget
  readonly #options: TestInputTopicOptions<K, V>
  #timestamp: number

  /** @internal */
  constructor(
    target: InputTarget,
    options: TestInputTopicOptions<K, V> & { readonly startTimestamp: number },
  ) {
    this.#target = target
    this.#options = options
    this.#timestamp = options.startTimestamp
  }

  /**
   * Writes a record, and resolves when everything it causes is processed, committed and published, through all sub-topologies.
   *
   * @throws the error that stopped the application, with code, topic, partition and offset.
   *
   * @example
   * ```ts
   * await lines.pipeInput({ value: 'kafka sql kafka' })
   * counts.readKeyValues() // [['kafka', 1n], ['sql', 1n], ['kafka', 2n]]
   * ```
   */
  async pipeInput(record: TestInput<K, V>): Promise<void> {
    await this.pipeInputs([record])
  }

  /**
   * As {@link pipeInput} for records that arrive together: what a few of them cause is committed together, what thousands
   * cause in several commits.
   */
  async pipeInputs(records: readonly TestInput<K, V>[]): Promise<void> {
    const { key, value } = this.#options
    const preparing = [key, value].flatMap((serde) => serde.prepare?.({ isWritten: true }) ?? [])
    if (preparing.length > 0) await Promise.all(preparing)
    await this.#target.pipe(records.map((record) => this.#encode(record)))
  }

  /** Moves the time of the topic: the timestamp of the next record that has none. */
  advanceTime(ms: number): void {
    this.#timestamp += ms
  }

  #encode({ key, value, headers, timestamp, partition }: TestInput<K, V>): OutgoingRecord {
    const keyBytes = encode(this.#options.key, key, headers)
    return {
      topic: this.#target.topic,
      partition: partition === undefined ? this.#partitionOf(keyBytes) : this.#checked(partition),
      timestamp: timestamp ?? this.#takeTimestamp(),
      key: keyBytes,
      value: encode(this.#options.value, value, headers),
      headers: headers ?? NO_HEADERS,
    }
  }

  #partitionOf(key: Uint8Array | null): number {
    if (!key) return this.#target.nextInTurn()
    const bytes = this.#options.key.partitionBytes?.(key) ?? key
    return partitionOf(bytes, this.#target.partitions)
  }

  #checked(partition: number): number {
    const { topic, partitions } = this.#target
    if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition
    throw new TypeError(`topic ${topic} has ${partitions} partitions, ${partition} is none of them`)
  }

  #takeTimestamp(): number {
    const timestamp = this.#timestamp
    this.#timestamp += this.#options.autoAdvanceMs ?? 0
    return timestamp
  }
}

function encode<T>(
  serde: Serde<unknown, T>,
  value: T | null | undefined,
  headers: TestInput<unknown, unknown>['headers'],
): Uint8Array | null {
  return value === null || value === undefined ? null : serde.serialize(value, headers)
}
