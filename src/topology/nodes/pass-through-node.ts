import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode } from './live-node.ts'

/** Where a branch of a split begins. */
export interface PassThroughDefinition {
  readonly kind: 'pass-through'
  readonly name: string
  readonly parents: readonly string[]
}

/** Forwards every record as it is. */
export class PassThroughNode extends LiveNode {
  process(record: StreamRecord): MaybePromise {
    return this.forward(record)
  }
}
