import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStore, ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Aggregation } from '../processing/aggregation.ts'
import { isPromise } from '../../model/is-promise.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { NodeSite } from './live-node.ts'
import { TableNode } from './table-node.ts'

/** Keeps an aggregate for each key. */
export interface AggregateDefinition {
  readonly kind: 'aggregate'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: KeyValueStoreDefinition
  /** One of several aggregates that share their store: the node below, which unites them, keeps it. */
  readonly isPart?: boolean
  readonly aggregation: Aggregation
}

/**
 * Adds each record to the aggregate of its key and forwards the change: at once, or at flush where
 * the store is cached.
 *
 * Records with a null key or a null value are dropped. The aggregate's timestamp is the highest of
 * its records'.
 */
export class AggregateNode extends TableNode {
  readonly #aggregation: Aggregation
  readonly #isCached: boolean
  declare protected readonly store: KeyValueStore<unknown, unknown>

  constructor({ aggregation, store, isPart = false }: AggregateDefinition, site: NodeSite) {
    super(store, site, !isPart)
    this.#isCached = store.cache
    this.#aggregation = aggregation
  }

  process(record: StreamRecord): MaybePromise {
    const { key, value } = record
    if (key === null || key === undefined) return this.context.dropped('null-key', this.name)
    if (value === null || value === undefined) return this.context.dropped('null-value', this.name)
    let stored: ReturnType<KeyValueStore<unknown, unknown>['get']>
    try {
      stored = this.store.get(key)
    } catch (error) {
      return this.failed(error, record)
    }
    return isPromise(stored) ? this.#updateLater(record, stored) : this.#update(record, stored)
  }

  async #updateLater(
    record: StreamRecord,
    stored: Promise<ValueAndTimestamp<unknown> | undefined>,
  ): Promise<void> {
    await this.#update(record, await stored)
  }

  #update(record: StreamRecord, stored: ValueAndTimestamp<unknown> | undefined): MaybePromise {
    const { key, value, headers } = record
    const timestamp =
      stored === undefined ? record.timestamp : Math.max(record.timestamp, stored.timestamp)
    let before: unknown
    let aggregate: unknown
    try {
      before = stored === undefined ? this.#aggregation.initial() : stored.value
      aggregate =
        stored === undefined
          ? this.#aggregation.first(key, value, before)
          : this.#aggregation.add(key, value, before)
      aggregate ??= null
      this.store.put(key, aggregate === null ? undefined : { value: aggregate, timestamp })
    } catch (error) {
      return this.failed(error, record)
    }
    // A cache tells what it forwarded last, and of a deleted row the time of the record that deleted it, in Kafka Streams too.
    if (stored === undefined && this.#isCached) before = null
    const time = this.#isCached && aggregate === null ? record.timestamp : timestamp
    return this.tell(key, before ?? null, aggregate, time, headers)
  }
}
