import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { NodeSite } from './live-node.ts'
import { WritingNode, type Writing } from './writing-node.ts'

/** Writes to a topic. */
export interface SinkDefinition extends Writing {
  readonly kind: 'sink'
  readonly name: string
  readonly parents: readonly string[]
  /** Without the application id where the topic is internal. */
  readonly topic: string
  readonly internal: boolean
}

/** Writes all records to one topic. */
export class SinkNode extends WritingNode {
  readonly #topic: string

  constructor(definition: SinkDefinition, site: NodeSite) {
    super(definition, site)
    this.#topic = definition.topic
  }

  process(record: StreamRecord): MaybePromise {
    this.write(this.#topic, record)
  }
}
