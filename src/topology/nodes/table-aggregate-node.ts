import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Change } from '../processing/change.ts'
import type { TableAggregation } from '../processing/table-aggregation.ts'
import type { TableRow } from '../processing/value-lookup.ts'
import type { NodeSite } from './live-node.ts'
import { TableNode } from './table-node.ts'

/** Keeps an aggregate for each group of a table's rows. */
export interface TableAggregateDefinition {
  readonly kind: 'table-aggregate'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: KeyValueStoreDefinition
  readonly aggregation: TableAggregation
}

/**
 * Takes the old value of each change out of the aggregate of its group, adds the new one, and forwards the change of the
 * aggregate. Its timestamp is the highest of its records'.
 */
export class TableAggregateNode extends TableNode {
  readonly #aggregation: TableAggregation

  constructor({ store, aggregation }: TableAggregateDefinition, site: NodeSite) {
    super(store, site)
    this.#aggregation = aggregation
  }

  process(record: StreamRecord): MaybePromise {
    const { key } = record
    if (key === null || key === undefined) return this.context.dropped('null-key', this.name)
    return this.withRow(record, (row) => this.#change(record, row))
  }

  #change(record: StreamRecord, row: TableRow): MaybePromise {
    const { key, value, timestamp, headers } = record
    const before = row === undefined ? null : row.value
    let after: unknown
    try {
      after = this.#aggregate(key, value as Change, before)
    } catch (error) {
      return this.failed(error, record)
    }
    // A cache tells of a deleted row the time of the record that deleted it, as in Kafka Streams.
    const isFirst = row === undefined || (this.isHolding && after === null)
    const latest = isFirst ? timestamp : Math.max(timestamp, row.timestamp)
    return this.update(key, before, after, latest, headers)
  }

  #aggregate(key: unknown, { newValue, oldValue }: Change, before: unknown): unknown {
    const { initial, first, add, subtract } = this.#aggregation
    const isTakenOut = oldValue !== null && before !== null
    const rest = isTakenOut ? (subtract(key, oldValue, before) ?? null) : before
    if (newValue === null) return rest
    return (rest === null ? first(key, newValue, initial()) : add(key, newValue, rest)) ?? null
  }
}
