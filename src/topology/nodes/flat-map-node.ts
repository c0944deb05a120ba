import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValue, RecordFunction } from '../processing/functions.ts'
import type { NodeSite } from './live-node.ts'
import { OutputsNode } from './outputs-node.ts'

/** Makes any number of keys and values. */
export interface FlatMapDefinition {
  readonly kind: 'flat-map'
  readonly name: string
  readonly parents: readonly string[]
  readonly mapper: RecordFunction<Iterable<KeyValue>>
}

/**
 * Forwards a record for each key and value that the function makes, all with the timestamp and
 * headers of the input.
 */
export class FlatMapNode extends OutputsNode<KeyValue> {
  readonly #mapper: RecordFunction<Iterable<KeyValue>>

  constructor({ mapper }: FlatMapDefinition, site: NodeSite) {
    super(site)
    this.#mapper = mapper
  }

  protected outputsOf(record: StreamRecord): Iterable<KeyValue> {
    return this.#mapper(record.key, record.value)
  }

  protected toRecord([key, value]: KeyValue, { timestamp, headers }: StreamRecord): StreamRecord {
    return { key, value, timestamp, headers }
  }
}
