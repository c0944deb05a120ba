import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type {
  SubscriptionRequest,
  SubscriptionResponse,
} from '../processing/subscription-serdes.ts'
import type { ValueGetter } from '../processing/value-getter.ts'
import { ValueLookup, type TableRow } from '../processing/value-lookup.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Answers subscriptions. */
export interface SubscriptionJoinDefinition {
  readonly kind: 'subscription-join'
  readonly name: string
  readonly parents: readonly string[]
  /** The rows that are subscribed to. */
  readonly reads: ValueGetter
}

/** Answers a request, if it wants an answer, with the row that its foreign key names, at the later time of both. */
export class SubscriptionJoinNode extends LiveNode {
  readonly #rows: ValueLookup

  constructor({ reads }: SubscriptionJoinDefinition, site: NodeSite) {
    super(site)
    this.#rows = new ValueLookup(reads, site.context)
  }

  process(record: StreamRecord): MaybePromise {
    const { key } = record
    if (key === null || key === undefined) return this.#answer(record, undefined)
    return this.lookUp({ rows: this.#rows, key }, record, (row) => this.#answer(record, row))
  }

  #answer(record: StreamRecord, row: TableRow): MaybePromise {
    const { instruction, primaryKey, hash, partition } = record.value as SubscriptionRequest
    if (instruction === 'unsubscribe') return undefined
    if (instruction === 'subscribe-and-answer-if-there' && row === undefined) return undefined
    const value: SubscriptionResponse = {
      ...{ hash, partition },
      value: instruction === 'unsubscribe-and-answer' ? null : (row?.value ?? null),
    }
    const timestamp = Math.max(record.timestamp, row?.timestamp ?? -1)
    return this.forward({ ...record, key: primaryKey, value, timestamp })
  }
}
