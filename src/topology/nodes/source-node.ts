import { DeserializationError, InvalidTimestampError } from '../../errors/record-errors.ts'
import { SchemaPendingError } from '../../errors/registry-errors.ts'
import { isTimestamp, TIMESTAMP_MAX_MS } from '../../model/timestamp.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import { failOnInvalidTimestamp } from '../processing/timestamp-extractors.ts'
import { PartitionTimes } from '../processing/partition-times.ts'
import { messageOf } from '../processing/message-of.ts'
import { withoutPartialMark } from '../processing/partial-mark.ts'
import type { ExtractedRecord, TimestampExtractor } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { OffsetReset } from '../runnable-topology.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Reads topics. */
export interface SourceDefinition {
  readonly kind: 'source'
  readonly name: string
  readonly parents: readonly []
  /** Without the application id where the topic is internal. */
  readonly topics: readonly string[]
  /** What the names of its topics match, where it names none; then topics are those that were found. */
  readonly pattern?: RegExp
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  readonly offsetReset: OffsetReset
  readonly timestampExtractor: TimestampExtractor
  readonly internal: boolean
  /** A global table is made of it. */
  readonly isGlobal?: boolean
  /** Partial results arrive, not plain records. */
  readonly combined: boolean
  /** Of an internal topic, where the user said how many; otherwise it has as many as what feeds it. */
  readonly partitions?: number | undefined
  /** Changes of a table arrive, not plain records. */
  readonly changes?: boolean
  /** Of a repartition that an operator asked for, not the user: an optimisation may put it elsewhere. */
  readonly isMovable?: boolean
}

/** What a source says that it reads, whatever topics there are. */
export function readsOf({ topics, pattern }: SourceDefinition): readonly string[] {
  return pattern ? [String(pattern)] : topics
}

/** Decodes records and hands them to its children. */
export class SourceNode extends LiveNode {
  readonly #definition: SourceDefinition
  /** What the default extractor gives is the record's own: nobody asks for the partition's time. */
  readonly #times: PartitionTimes | undefined

  constructor(definition: SourceDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
    if (definition.timestampExtractor !== failOnInvalidTimestamp)
      this.#times = new PartitionTimes((name) => site.context.time(name))
  }

  /** As `ProcessingGraph.decode`. */
  decode(topic: string, record: ConsumedRecord): StreamRecord {
    const { key: keySerde, value: valueSerde, combined } = this.#definition
    const headers = combined ? withoutPartialMark(record.headers) : record.headers
    const key = record.key === null ? null : read('key', keySerde, record.key, record)
    const value = record.value === null ? null : read('value', valueSerde, record.value, record)
    if (this.#times === undefined && isTimestamp(record.timestamp))
      return { key, value, timestamp: record.timestamp, headers }
    const timestamp = this.#extract(topic, record, key, value)
    if (!this.#isTooLate(timestamp)) this.#times?.decoded(topic, timestamp)
    return { key, value, timestamp, headers }
  }

  /** As `ProcessingGraph.keyBytes`. @throws Error of any class when they are not of a key of its serde. */
  keyBytes(key: Uint8Array): Uint8Array {
    return this.#definition.key.partitionBytes?.(key) ?? key
  }

  /** Processes a record of a topic. One whose time is negative, or too far ahead of the clock, goes no further. */
  take(topic: string, record: StreamRecord): MaybePromise {
    if (record.timestamp < 0) return this.context.dropped('negative-timestamp', this.name)
    if (this.#isTooLate(record.timestamp))
      return this.context.dropped('future-timestamp', this.name)
    this.#times?.processed(topic, record.timestamp)
    return this.forward(record)
  }

  process(record: StreamRecord): MaybePromise {
    return this.forward(record)
  }

  /** The time of a global table's rows moves nothing. */
  #isTooLate(timestamp: number): boolean {
    return timestamp > this.context.timestampMax && this.#definition.isGlobal !== true
  }

  #extract(topic: string, record: ConsumedRecord, key: unknown, value: unknown): number {
    const { offset, timestamp, headers } = record
    const seen = { topic, offset, key, value, timestamp, headers, ...this.#clocks(topic) }
    let extracted: unknown
    try {
      extracted = this.#definition.timestampExtractor(seen)
    } catch (cause) {
      if (StreamsError.is(cause)) throw cause
      const reason = `gave no time: the extractor of ${this.name} threw ${messageOf(cause)}`
      throw new InvalidTimestampError(timestamp, reason, { cause })
    }
    if (typeof extracted !== 'number' || Number.isNaN(extracted))
      throw new InvalidTimestampError(
        timestamp,
        `became no number by the extractor of ${this.name}`,
      )
    if (isTimestamp(extracted) || (Number.isInteger(extracted) && extracted < 0)) return extracted
    const wanted = `whole milliseconds up to ${TIMESTAMP_MAX_MS}`
    const reason = `became ${extracted} by the extractor of ${this.name}, not ${wanted}`
    throw new InvalidTimestampError(timestamp, reason)
  }

  #clocks(topic: string): Pick<ExtractedRecord, 'partitionTime' | 'wallClock'> {
    return { partitionTime: this.#times?.of(topic) ?? -1, wallClock: this.context.wallClock }
  }
}

function read(
  part: 'key' | 'value',
  serde: Serde<unknown>,
  bytes: Uint8Array,
  { headers }: ConsumedRecord,
): unknown {
  try {
    return serde.deserialize(bytes, headers)
  } catch (cause) {
    if (SchemaPendingError.is(cause)) throw cause
    throw new DeserializationError(part, messageOf(cause), { cause })
  }
}
