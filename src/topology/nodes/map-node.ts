import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValue, RecordFunction } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Makes another key and value. */
export interface MapDefinition {
  readonly kind: 'map'
  readonly name: string
  readonly parents: readonly string[]
  readonly mapper: RecordFunction<KeyValue>
}

/** Replaces key and value; timestamp and headers stay. */
export class MapNode extends LiveNode {
  readonly #mapper: RecordFunction<KeyValue>

  constructor({ mapper }: MapDefinition, site: NodeSite) {
    super(site)
    this.#mapper = mapper
  }

  process(record: StreamRecord): MaybePromise {
    let mapped: StreamRecord
    try {
      const [key, value] = this.#mapper(record.key, record.value)
      mapped = { key, value, timestamp: record.timestamp, headers: record.headers }
    } catch (error) {
      return this.failed(error, record)
    }
    return this.forward(mapped)
  }
}
