import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { SubscriptionStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { SubscriptionStore } from '../../stores/contract/subscription-store.ts'
import { isPromise } from '../../model/is-promise.ts'
import type { SubscriptionRequest } from '../processing/subscription-serdes.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Keeps who subscribes to the rows of a table. */
export interface SubscriptionReceiveDefinition {
  readonly kind: 'subscription-receive'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: SubscriptionStoreDefinition
}

/**
 * The second step of a foreign-key join, beside the other table: keeps or forgets a subscription, and hands the request on. One
 * without a foreign key only wants an answer.
 */
export class SubscriptionReceiveNode extends LiveNode {
  readonly #store: SubscriptionStore

  constructor({ store }: SubscriptionReceiveDefinition, site: NodeSite) {
    super(site)
    this.#store = site.context.store(store.name)
  }

  process(record: StreamRecord): MaybePromise {
    const { key } = record
    const { instruction } = record.value as SubscriptionRequest
    if (key === null || key === undefined)
      return instruction === 'subscribe-and-answer'
        ? this.forward(record)
        : this.context.dropped('null-key', this.name)
    let kept: MaybePromise
    try {
      kept = this.#keep(record)
    } catch (error) {
      return this.failed(error, record)
    }
    return isPromise(kept) ? kept.then(() => this.forward(record)) : this.forward(record)
  }

  #keep({ key, value, timestamp }: StreamRecord): MaybePromise {
    const { instruction, ...subscription } = value as SubscriptionRequest
    return instruction === 'unsubscribe' || instruction === 'unsubscribe-and-answer'
      ? this.#store.unsubscribe(key, subscription.primaryKey)
      : this.#store.subscribe(key, subscription, timestamp)
  }
}
