import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Change } from '../processing/change.ts'
import type { NodeSite } from './live-node.ts'
import { TableNode } from './table-node.ts'

/** The table that a join of tables makes, out of the changes of both sides. */
export interface TableJoinMergeDefinition {
  readonly kind: 'table-join-merge'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: KeyValueStoreDefinition | undefined
}

/** Keeps the joined rows, if the result has a store, and forwards their changes. */
export class TableJoinMergeNode extends TableNode {
  constructor({ store }: TableJoinMergeDefinition, site: NodeSite) {
    super(store, site)
  }

  process(record: StreamRecord): MaybePromise {
    const { key, value, timestamp, headers } = record
    const { newValue, oldValue } = value as Change
    if (!this.isHolding) return this.update(key, oldValue, newValue, timestamp, headers)
    return this.withRow(record, (row) =>
      this.update(key, row?.value ?? null, newValue, timestamp, headers),
    )
  }
}
