import type { StreamRecord } from '../../model/stream-record.ts'
import type { RecordFunction } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Lets records through, or not. */
export interface FilterDefinition {
  readonly kind: 'filter'
  readonly name: string
  readonly parents: readonly string[]
  readonly predicate: RecordFunction<boolean>
  /** What the predicate has to say of records that go on. */
  readonly passing: boolean
}

/** Forwards records of which the predicate says what it should. */
export class FilterNode extends LiveNode {
  readonly #predicate: RecordFunction<boolean>
  readonly #passing: boolean

  constructor({ predicate, passing }: FilterDefinition, site: NodeSite) {
    super(site)
    this.#predicate = predicate
    this.#passing = passing
  }

  process(record: StreamRecord): MaybePromise {
    let passes: boolean
    try {
      passes = Boolean(this.#predicate(record.key, record.value)) === this.#passing
    } catch (error) {
      return this.failed(error, record)
    }
    return passes ? this.forward(record) : undefined
  }
}
