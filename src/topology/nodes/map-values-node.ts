import type { StreamRecord } from '../../model/stream-record.ts'
import type { ValueFunction } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Makes another value. */
export interface MapValuesDefinition {
  readonly kind: 'map-values'
  readonly name: string
  readonly parents: readonly string[]
  readonly mapper: ValueFunction<unknown>
}

/** Replaces the value; all else stays. */
export class MapValuesNode extends LiveNode {
  readonly #mapper: ValueFunction<unknown>

  constructor({ mapper }: MapValuesDefinition, site: NodeSite) {
    super(site)
    this.#mapper = mapper
  }

  process(record: StreamRecord): MaybePromise {
    const { key, timestamp, headers } = record
    let value: unknown
    try {
      value = this.#mapper(record.value, key)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.forward({ key, value, timestamp, headers })
  }
}
