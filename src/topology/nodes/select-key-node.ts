import type { StreamRecord } from '../../model/stream-record.ts'
import type { RecordFunction } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Makes another key. */
export interface SelectKeyDefinition {
  readonly kind: 'select-key'
  readonly name: string
  readonly parents: readonly string[]
  readonly selector: RecordFunction<unknown>
}

/** Replaces the key; all else stays. */
export class SelectKeyNode extends LiveNode {
  readonly #selector: RecordFunction<unknown>

  constructor({ selector }: SelectKeyDefinition, site: NodeSite) {
    super(site)
    this.#selector = selector
  }

  process(record: StreamRecord): MaybePromise {
    const { value, timestamp, headers } = record
    let key: unknown
    try {
      key = this.#selector(record.key, value)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.forward({ key, value, timestamp, headers })
  }
}
