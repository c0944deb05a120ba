import { SerializationError } from '../../errors/record-errors.ts'
import type { Headers } from '../../model/headers.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import { messageOf } from '../processing/message-of.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Writes to a topic. */
export interface SinkDefinition {
  readonly kind: 'sink'
  readonly name: string
  readonly parents: readonly string[]
  /** Without the application id where the topic is internal. */
  readonly topic: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  readonly internal: boolean
}

/** Encodes records and hands them to the task. */
export class SinkNode extends LiveNode {
  readonly #topic: string
  readonly #key: Serde<unknown>
  readonly #value: Serde<unknown>

  constructor({ topic, key, value }: SinkDefinition, site: NodeSite) {
    super(site)
    this.#topic = topic
    this.#key = key
    this.#value = value
  }

  process({ key, value, timestamp, headers }: StreamRecord): MaybePromise {
    let keyBytes: Uint8Array | null
    let valueBytes: Uint8Array | null
    try {
      keyBytes = this.#write('key', this.#key, key, headers)
      valueBytes = this.#write('value', this.#value, value, headers)
    } catch (error) {
      return this.context.failed(error, this.name, 'production')
    }
    this.context.send({ topic: this.#topic, key: keyBytes, value: valueBytes, timestamp, headers })
  }

  #write(
    part: 'key' | 'value',
    serde: Serde<unknown>,
    data: unknown,
    headers: Headers,
  ): Uint8Array | null {
    if (data === null || data === undefined) return null
    try {
      return serde.serialize(data, headers)
    } catch (cause) {
      throw new SerializationError(`the ${part} for topic ${this.#topic}`, messageOf(cause), {
        cause,
      })
    }
  }
}
