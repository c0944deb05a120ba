import { DeserializationError, InvalidTimestampError } from '../../errors/record-errors.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import { messageOf } from '../processing/message-of.ts'
import { withoutPartialMark } from '../processing/partial-mark.ts'
import type { TimestampExtractor } from '../processing/functions.ts'
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
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  readonly offsetReset: OffsetReset
  readonly timestampExtractor: TimestampExtractor
  readonly internal: boolean
  /** Partial results arrive, not plain records. */
  readonly combined: boolean
}

/** Decodes records and hands them to its children. */
export class SourceNode extends LiveNode {
  readonly #definition: SourceDefinition

  constructor(definition: SourceDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
  }

  /** As `ProcessingGraph.decode`. */
  decode(topic: string, record: ConsumedRecord): StreamRecord {
    const { key: keySerde, value: valueSerde, combined } = this.#definition
    const headers = combined ? withoutPartialMark(record.headers) : record.headers
    const key = record.key === null ? null : read('key', keySerde, record.key, record)
    const value = record.value === null ? null : read('value', valueSerde, record.value, record)
    return { key, value, timestamp: this.#timestamp(topic, record, key, value), headers }
  }

  process(record: StreamRecord): MaybePromise {
    return this.forward(record)
  }

  #timestamp(
    topic: string,
    { offset, timestamp }: ConsumedRecord,
    key: unknown,
    value: unknown,
  ): number {
    let extracted: number
    try {
      extracted = this.#definition.timestampExtractor({ topic, offset, key, value, timestamp })
    } catch (cause) {
      throw new InvalidTimestampError(
        timestamp,
        `gave no time: the extractor of ${this.name} threw ${messageOf(cause)}`,
        { cause },
      )
    }
    if (extracted >= 0) return extracted
    throw new InvalidTimestampError(
      extracted,
      'is negative or no number; set a timestampExtractor, or mend the producer',
    )
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
    throw new DeserializationError(part, messageOf(cause), { cause })
  }
}
