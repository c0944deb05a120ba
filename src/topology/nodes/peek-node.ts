import type { StreamRecord } from '../../model/stream-record.ts'
import type { RecordFunction } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Looks at records. */
export interface PeekDefinition {
  readonly kind: 'peek'
  readonly name: string
  readonly parents: readonly string[]
  readonly action: RecordFunction<void>
}

/** Shows each record to a function and forwards it as it is. */
export class PeekNode extends LiveNode {
  readonly #action: RecordFunction<void>

  constructor({ action }: PeekDefinition, site: NodeSite) {
    super(site)
    this.#action = action
  }

  process(record: StreamRecord): MaybePromise {
    try {
      this.#action(record.key, record.value)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.forward(record)
  }
}
