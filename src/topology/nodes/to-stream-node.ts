import type { StreamRecord } from '../../model/stream-record.ts'
import type { Change } from '../processing/change.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode } from './live-node.ts'

/** Makes a stream of a table's changes. */
export interface ToStreamDefinition {
  readonly kind: 'to-stream'
  readonly name: string
  readonly parents: readonly string[]
}

/** Forwards the new value of each change: null where the row was deleted. */
export class ToStreamNode extends LiveNode {
  process({ key, value, timestamp, headers }: StreamRecord): MaybePromise {
    return this.forward({ key, value: (value as Change).newValue, timestamp, headers })
  }
}
