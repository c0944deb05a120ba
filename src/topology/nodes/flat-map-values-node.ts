import type { StreamRecord } from '../../model/stream-record.ts'
import type { ValueFunction } from '../processing/functions.ts'
import type { NodeSite } from './live-node.ts'
import { OutputsNode } from './outputs-node.ts'

/** Makes any number of values. */
export interface FlatMapValuesDefinition {
  readonly kind: 'flat-map-values'
  readonly name: string
  readonly parents: readonly string[]
  readonly mapper: ValueFunction<Iterable<unknown>>
}

/**
 * Forwards a record for each value that the function makes, all with the key, timestamp and headers
 * of the input.
 */
export class FlatMapValuesNode extends OutputsNode<unknown> {
  readonly #mapper: ValueFunction<Iterable<unknown>>

  constructor({ mapper }: FlatMapValuesDefinition, site: NodeSite) {
    super(site)
    this.#mapper = mapper
  }

  protected outputsOf(record: StreamRecord): Iterable<unknown> {
    return this.#mapper(record.value, record.key)
  }

  protected toRecord(value: unknown, { key, timestamp, headers }: StreamRecord): StreamRecord {
    return { key, value, timestamp, headers }
  }
}
