import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { SubscriptionResponse } from '../processing/subscription-serdes.ts'
import type { ValueGetter } from '../processing/value-getter.ts'
import { hashOf } from '../processing/value-hash.ts'
import { ValueLookup, type TableRow } from '../processing/value-lookup.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Joins rows with what was answered to their subscriptions. */
export interface ResponseJoinDefinition {
  readonly kind: 'response-join'
  readonly name: string
  readonly parents: readonly string[]
  /** The rows that have foreign keys. */
  readonly reads: ValueGetter
  readonly value: Serde<unknown>
  readonly joiner: (value: unknown, other: unknown) => unknown
  readonly keepsUnmatched: boolean
}

/**
 * The last step of a foreign-key join, back where it began: joins the row with the answer, unless it has changed since it asked.
 * Then another answer is on its way.
 */
export class ResponseJoinNode extends LiveNode {
  readonly #definition: ResponseJoinDefinition
  readonly #rows: ValueLookup

  constructor(definition: ResponseJoinDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
    this.#rows = new ValueLookup(definition.reads, site.context)
  }

  process(record: StreamRecord): MaybePromise {
    return this.lookUp({ rows: this.#rows, key: record.key }, record, (row) =>
      this.#join(record, row),
    )
  }

  #join(record: StreamRecord, row: TableRow): MaybePromise {
    const { hash, value: other } = record.value as SubscriptionResponse
    let value: unknown
    try {
      if (!this.#isOf(row, hash)) return this.context.dropped('stale', this.name)
      value = this.#result(row, other)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.forward({ ...record, value })
  }

  #isOf(row: TableRow, hash: Uint8Array | null): boolean {
    if (row === undefined || hash === null) return row === undefined && hash === null
    return Buffer.compare(hashOf(this.#definition.value, row.value), hash) === 0
  }

  #result(row: TableRow, other: unknown): unknown {
    const { keepsUnmatched, joiner } = this.#definition
    if (other === null && (row === undefined || !keepsUnmatched)) return null
    return joiner(row?.value ?? null, other)
  }
}
