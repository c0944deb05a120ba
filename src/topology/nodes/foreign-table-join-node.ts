import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { SubscriptionStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Subscription, SubscriptionStore } from '../../stores/contract/subscription-store.ts'
import type { Change } from '../processing/change.ts'
import type { SubscriptionResponse } from '../processing/subscription-serdes.ts'
import { whenKnown } from '../../model/when-known.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Tells subscribers of the changes of a table. */
export interface ForeignTableJoinDefinition {
  readonly kind: 'foreign-table-join'
  readonly name: string
  readonly parents: readonly string[]
  readonly subscriptions: SubscriptionStoreDefinition
  /** The table is a versioned one. */
  readonly isVersioned: boolean
}

/** Sends the new value of a row to everyone who subscribes to it. */
export class ForeignTableJoinNode extends LiveNode {
  readonly #store: SubscriptionStore
  readonly #isVersioned: boolean

  constructor({ subscriptions, isVersioned }: ForeignTableJoinDefinition, site: NodeSite) {
    super(site)
    this.#isVersioned = isVersioned
    this.#store = site.context.store(subscriptions.name)
  }

  process(record: StreamRecord): MaybePromise {
    const { key } = record
    if (key === null || key === undefined) return this.context.dropped('null-key', this.name)
    if (this.#isVersioned && (record.value as Change).isOld === true)
      return this.context.dropped('late', this.name)
    let subscriptions: MaybePromise<readonly Subscription[]>
    try {
      subscriptions = this.#store.subscriptionsTo(key)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(subscriptions, (known) => this.forwardEach(responsesTo(known, record), record))
  }
}

function* responsesTo(
  subscriptions: readonly Subscription[],
  record: StreamRecord,
): Generator<StreamRecord> {
  const { newValue } = record.value as Change
  for (const { primaryKey, hash, partition } of subscriptions) {
    const value: SubscriptionResponse = { hash, partition, value: newValue }
    yield { ...record, key: primaryKey, value }
  }
}
