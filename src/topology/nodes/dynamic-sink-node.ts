import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { TopicNameExtractor } from '../processing/functions.ts'
import type { NodeSite } from './live-node.ts'
import { WritingNode, type Writing } from './writing-node.ts'

/** Writes each record to the topic that a function names. */
export interface DynamicSinkDefinition extends Writing {
  readonly kind: 'dynamic-sink'
  readonly name: string
  readonly parents: readonly string[]
  readonly topicOf: TopicNameExtractor
}

/** Asks for the topic of each record, and has one looked up that was not written before. */
export class DynamicSinkNode extends WritingNode {
  readonly #definition: DynamicSinkDefinition

  constructor(definition: DynamicSinkDefinition, site: NodeSite) {
    super(definition, site)
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
    return lookedUp ? this.#writeAfter(lookedUp, topic, record) : this.write(topic, record)
  }

  async #writeAfter(lookedUp: Promise<void>, topic: string, record: StreamRecord): Promise<void> {
    try {
      await lookedUp
    } catch (error) {
      return this.context.failed(error, this.name, 'production', record)
    }
    this.write(topic, record)
  }
}
