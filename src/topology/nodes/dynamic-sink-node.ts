import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { encodeRecord, type SinkSerdes } from '../processing/encode-record.ts'
import type { TopicNameExtractor } from '../processing/functions.ts'
import type { SinkRecord } from '../processing/node-context.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Writes each record to the topic that a function names. */
export interface DynamicSinkDefinition extends SinkSerdes {
  readonly kind: 'dynamic-sink'
  readonly name: string
  readonly parents: readonly string[]
  readonly topicOf: TopicNameExtractor
}

/** Asks for the topic of each record, and has one looked up that was not written before. */
export class DynamicSinkNode extends LiveNode {
  readonly #definition: DynamicSinkDefinition

  constructor(definition: DynamicSinkDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
  }

  process(record: StreamRecord): MaybePromise {
    const { position } = this.context
    const { key, value, timestamp, headers } = record
    let topic: string
    try {
      topic = this.#definition.topicOf(key, value, { position, timestamp, headers })
    } catch (error) {
      return this.failed(error, record)
    }
    const lookedUp = this.context.findTopic(topic)
    return lookedUp ? this.#sendAfter(lookedUp, topic, record) : this.#send(topic, record)
  }

  async #sendAfter(lookedUp: Promise<void>, topic: string, record: StreamRecord): Promise<void> {
    try {
      await lookedUp
    } catch (error) {
      return this.context.failed(error, this.name, 'production', record)
    }
    this.#send(topic, record)
  }

  #send(topic: string, record: StreamRecord): void {
    let encoded: SinkRecord
    try {
      encoded = encodeRecord(topic, record, this.#definition)
    } catch (error) {
      return this.context.failed(error, this.name, 'production', record)
    }
    this.context.send(encoded)
  }
}
