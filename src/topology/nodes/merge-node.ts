import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode } from './live-node.ts'

/** Unites streams. */
export interface MergeDefinition {
  readonly kind: 'merge'
  readonly name: string
  readonly parents: readonly string[]
}

/** Forwards the records of all its parents as they come. */
export class MergeNode extends LiveNode {
  process(record: StreamRecord): MaybePromise {
    return this.forward(record)
  }
}
