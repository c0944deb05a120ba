import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Change } from '../processing/change.ts'
import type { ValueGetter } from '../processing/value-getter.ts'
import { ValueLookup, type TableRow } from '../processing/value-lookup.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Joins the changes of one table with the rows of another. */
export interface TableJoinDefinition {
  readonly kind: 'table-join'
  readonly name: string
  readonly parents: readonly string[]
  /** The rows of the other table. */
  readonly reads: ValueGetter
  /** As it has told them; where one record may change both tables, as they are now. */
  readonly readsTold: boolean
  /** Takes this table's value first. */
  readonly joiner: (own: unknown, other: unknown) => unknown
  /** Rows of this table that have no partner are rows of the result. */
  readonly keepsOwn: boolean
  /** Rows of the other table that have no partner are. */
  readonly keepsOther: boolean
  readonly sendsOldValues: boolean
  /** This table is a versioned one. */
  readonly isVersioned: boolean
}

/**
 * One side of a join of tables: looks up the other table's row for each change, and forwards what that makes of the row of the
 * result. Its timestamp is the later one of both rows.
 *
 * The other row is the one that the other table has told, which may be older than the one in its cache: then that one is told later,
 * and makes a change of its own. Kafka Streams looks into the cache, and where rows of both tables change between two commits it tells
 * changes that never were, or none: where both are deleted the row of an inner join stays for ever. Where both tables come from one,
 * a record changes both at once, commits or not: there it is as in Kafka Streams.
 */
export class TableJoinNode extends LiveNode {
  readonly #definition: TableJoinDefinition
  readonly #others: ValueLookup

  constructor(definition: TableJoinDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
    this.#others = new ValueLookup(definition.reads, site.context, {
      asTold: definition.readsTold,
    })
  }

  process(record: StreamRecord): MaybePromise {
    const { key } = record
    if (key === null || key === undefined) return this.context.dropped('null-key', this.name)
    if (this.#definition.isVersioned && (record.value as Change).isOld === true)
      return this.context.dropped('late', this.name)
    return this.lookUp({ rows: this.#others, key }, record, (other) => this.#join(record, other))
  }

  #join(record: StreamRecord, other: TableRow): MaybePromise {
    const { key, value, timestamp, headers } = record
    const change = value as Change
    if (other === undefined && this.#isAlone(change)) return undefined
    let joined: Change
    try {
      const newValue = this.#rowOf(change.newValue, other)
      const oldValue = this.#definition.sendsOldValues ? this.#rowOf(change.oldValue, other) : null
      joined = { newValue, oldValue }
    } catch (error) {
      return this.failed(error, record)
    }
    const latest = Math.max(timestamp, other?.timestamp ?? -1)
    return this.forward({ key, value: joined, timestamp: latest, headers })
  }

  /** Whether a change without a partner says nothing of the result. */
  #isAlone({ newValue, oldValue }: Change): boolean {
    return !this.#definition.keepsOwn || (newValue === null && oldValue === null)
  }

  #rowOf(own: unknown, other: TableRow): unknown {
    const { joiner, keepsOther } = this.#definition
    const isRow = own !== null || (keepsOther && other !== undefined)
    return isRow ? (joiner(own, other?.value ?? null) ?? null) : null
  }
}
