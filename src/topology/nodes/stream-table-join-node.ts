import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { RecordBufferStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { RecordFunction, ValueJoiner } from '../processing/functions.ts'
import type { ValueGetter } from '../processing/value-getter.ts'
import { ValueLookup, type TableRow } from '../processing/value-lookup.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** What joins of a stream with any table have in common. */
interface TableJoinDefinition {
  readonly name: string
  readonly parents: readonly string[]
  readonly joiner: ValueJoiner
  /** Records that find no row go on, joined with null. */
  readonly keepsUnmatched: boolean
}

/** Joins records with the rows of a table that have the same key. */
export interface StreamTableJoinDefinition extends TableJoinDefinition {
  readonly kind: 'stream-table-join'
  readonly reads: ValueGetter
  /** The table is a versioned one: records are joined with the rows of their times. */
  readonly isVersioned: boolean
  /** Where records wait, if they do. */
  readonly store?: RecordBufferStoreDefinition
  /** How long they wait, milliseconds. */
  readonly graceMs?: number
}

/** Joins records with rows of a global table, by a key that a function makes. */
export interface GlobalTableJoinDefinition extends TableJoinDefinition {
  readonly kind: 'global-table-join'
  /** Name of the global table's store. */
  readonly global: string
  readonly selector: RecordFunction<unknown>
}

/**
 * Joins each record with the row that the table has now. Records with a null value are dropped, those without a key too where
 * all records need a row.
 */
export class StreamTableJoinNode extends LiveNode {
  readonly #definition: StreamTableJoinDefinition | GlobalTableJoinDefinition
  readonly #rows: ValueLookup

  constructor(definition: StreamTableJoinDefinition | GlobalTableJoinDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
    const getter: ValueGetter =
      definition.kind === 'global-table-join'
        ? { kind: 'store', store: definition.global }
        : definition.reads
    this.#rows = new ValueLookup(getter, site.context)
  }

  process(record: StreamRecord): MaybePromise {
    let key: unknown
    try {
      key = this.#keyOf(record)
    } catch (error) {
      return this.failed(error, record)
    }
    if ((record.value ?? null) === null) return this.context.dropped('null-value', this.name)
    if ((key ?? null) === null && !this.#definition.keepsUnmatched)
      return this.context.dropped('null-key', this.name)
    return this.take(record, key ?? null)
  }

  /** Joins a record with the row of a key. */
  protected take(record: StreamRecord, key: unknown): MaybePromise {
    if (key === null) return this.#join(record, undefined)
    const sought = { rows: this.#rows, key, asOf: this.#asOf(record) }
    return this.lookUp(sought, record, (row) => this.#join(record, row))
  }

  #asOf({ timestamp }: StreamRecord): number | undefined {
    const definition = this.#definition
    const isVersioned = definition.kind === 'stream-table-join' && definition.isVersioned
    return isVersioned ? timestamp : undefined
  }

  #keyOf({ key, value }: StreamRecord): unknown {
    return this.#definition.kind === 'global-table-join'
      ? this.#definition.selector(key, value)
      : key
  }

  #join(record: StreamRecord, row: TableRow): MaybePromise {
    const { key, value, timestamp, headers } = record
    if (row === undefined && !this.#definition.keepsUnmatched) return undefined
    let joined: unknown
    try {
      joined = this.#definition.joiner(value, row === undefined ? null : row.value, key)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.forward({ key, value: joined, timestamp, headers })
  }
}
