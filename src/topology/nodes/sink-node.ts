import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { encodeRecord, type SinkSerdes } from '../processing/encode-record.ts'
import type { SinkRecord } from '../processing/node-context.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Writes to a topic. */
export interface SinkDefinition extends SinkSerdes {
  readonly kind: 'sink'
  readonly name: string
  readonly parents: readonly string[]
  /** Without the application id where the topic is internal. */
  readonly topic: string
  readonly internal: boolean
  /** The partition that a value has to go to, where it is not the key's. */
  readonly partitionOf?: ((value: unknown) => number) | undefined
}

/** Encodes records and hands them to the task. */
export class SinkNode extends LiveNode {
  readonly #definition: SinkDefinition

  constructor(definition: SinkDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
  }

  process(record: StreamRecord): MaybePromise {
    let encoded: SinkRecord
    try {
      encoded = encodeRecord(this.#definition.topic, record, this.#definition)
    } catch (error) {
      return this.context.failed(error, this.name, 'production', record)
    }
    const partition = this.#definition.partitionOf?.(record.value)
    this.context.send(partition === undefined ? encoded : { ...encoded, partition })
  }
}
