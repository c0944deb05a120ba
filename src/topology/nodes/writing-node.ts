import type { StreamRecord } from '../../model/stream-record.ts'
import { encodeRecord, type SinkSerdes } from '../processing/encode-record.ts'
import type { StreamPartitioner } from '../processing/functions.ts'
import type { SinkRecord } from '../processing/node-context.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** How records of a topic are written. */
export interface Writing extends SinkSerdes {
  /** Chooses partitions, where those are not the keys'. */
  readonly partitioner?: StreamPartitioner | undefined
}

/** A node that encodes records and hands them to the task. */
export abstract class WritingNode extends LiveNode {
  readonly #writing: Writing

  constructor(writing: Writing, site: NodeSite) {
    super(site)
    this.#writing = writing
  }

  protected write(topic: string, record: StreamRecord): void {
    const { partitioner } = this.#writing
    if (!partitioner) return this.#send(this.#encoded(topic, record))
    let partitions: readonly number[] | undefined
    try {
      partitions = this.#choose(partitioner, topic, record)
    } catch (error) {
      return this.failed(error, record)
    }
    if (partitions?.length === 0) return this.context.dropped('no-partition', this.name)
    const encoded = this.#encoded(topic, record)
    if (!partitions) return this.#send(encoded)
    for (const partition of partitions) this.#send(encoded && { ...encoded, partition })
  }

  #send(encoded: SinkRecord | undefined): void {
    if (encoded) this.context.send(encoded)
  }

  /** Nothing where it has failed. */
  #encoded(topic: string, record: StreamRecord): SinkRecord | undefined {
    try {
      return encodeRecord(topic, record, this.#writing)
    } catch (error) {
      this.context.failed(error, this.name, 'production', record)
      return undefined
    }
  }

  /** @throws TypeError that names a partition which the topic has not. */
  #choose(
    partitioner: StreamPartitioner,
    topic: string,
    { key, value }: StreamRecord,
  ): readonly number[] | undefined {
    const partitions = this.context.partitionsOf(topic)
    const chosen = partitioner(key, value, { topic, partitions })
    if (chosen === undefined) return undefined
    const all = typeof chosen === 'number' ? [chosen] : [...new Set(chosen)]
    const wrong = all.find((one) => !Number.isInteger(one) || one < 0 || one >= partitions)
    if (wrong === undefined) return all
    throw new TypeError(
      `the partitioner of ${this.name} chose the partition ${wrong} of ${topic}, which has ${partitions}`,
    )
  }
}
