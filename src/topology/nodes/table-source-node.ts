import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { NodeSite } from './live-node.ts'
import { TableNode } from './table-node.ts'

/** Makes a table of records: the newest of each key. */
export interface TableSourceDefinition {
  readonly kind: 'table-source'
  readonly name: string
  readonly parents: readonly string[]
  /** There when the user named it, or when a node below needs rows or old values. */
  readonly store: KeyValueStoreDefinition | undefined
}

/**
 * Takes each record as the new row of its key; a null value deletes the row, a null key is dropped. Records are taken in the
 * order in which they come, whatever their timestamps, as in Kafka Streams.
 */
export class TableSourceNode extends TableNode {
  constructor({ store }: TableSourceDefinition, site: NodeSite) {
    super(store, site)
  }

  process(record: StreamRecord): MaybePromise {
    const { key, value, timestamp, headers } = record
    if (key === null || key === undefined) return this.context.dropped('null-key', this.name)
    const newValue = value ?? null
    if (this.store === undefined) return this.update(key, null, newValue, timestamp, headers)
    return this.withRow(record, (row) =>
      this.update(key, row === undefined ? null : row.value, newValue, timestamp, headers),
    )
  }
}
