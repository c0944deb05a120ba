import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode } from './live-node.ts'

/** Stands before a repartition topic. */
export interface DropNullKeysDefinition {
  readonly kind: 'drop-null-keys'
  readonly name: string
  readonly parents: readonly string[]
}

/**
 * Drops records without a key: no partition is theirs. Kafka Streams drops them too, but does not
 * count them.
 */
export class DropNullKeysNode extends LiveNode {
  process(record: StreamRecord): MaybePromise {
    if (record.key === null || record.key === undefined)
      return this.context.dropped('null-key', this.name)
    return this.forward(record)
  }
}
