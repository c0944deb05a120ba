import type { MaybePromise } from '../../model/maybe-promise.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { JoinWindowStore } from '../../stores/contract/join-window-store.ts'
import type { JoinWindowStoreDefinition } from '../../stores/contract/store-definition.ts'
import { JoinTime } from '../processing/join-time.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Keeps the records of one side of a stream-stream join. */
export interface JoinWindowDefinition {
  readonly kind: 'join-window'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: JoinWindowStoreDefinition
  /** Where records are dropped that come when their windows have closed. */
  readonly dropsLate?: {
    /** Name that both sides of the join share. */
    readonly join: string
    /** From the time of a record to the end of its window, grace included. Milliseconds. */
    readonly openMs: number
  }
}

/**
 * Forwards a record to the join, then keeps it for the other side: a stream that is joined with itself must not find a record
 * before it is there. Records without a key or a value are only forwarded. A late record is joined all the same, as in Kafka Streams,
 * unless the join says otherwise. One that cannot be kept is refused before it is forwarded: it would be joined, and then left out.
 */
export class JoinWindowNode extends LiveNode {
  readonly #window: JoinWindowStore<unknown, unknown>
  readonly #openMs: number
  readonly #time: JoinTime | undefined

  constructor({ store, dropsLate }: JoinWindowDefinition, site: NodeSite) {
    super(site)
    this.#window = site.context.store(store.name)
    this.#openMs = dropsLate?.openMs ?? Infinity
    this.#time = dropsLate && new JoinTime(dropsLate.join, site.context)
  }

  process(record: StreamRecord): MaybePromise {
    if (this.#time && record.timestamp + this.#openMs < this.#time.streamTime)
      return this.context.dropped('late', this.name)
    const { key = null, value = null, timestamp } = record
    if (key === null || value === null) return this.forward(record)
    try {
      this.#window.check(key, timestamp, value)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(this.forward(record), () => this.#keep(record))
  }

  #keep(record: StreamRecord): MaybePromise {
    const { key, value, timestamp } = record
    try {
      return this.#window
        .add(key, timestamp, value)
        ?.catch((error: unknown) => this.failed(error, record))
    } catch (error) {
      return this.failed(error, record)
    }
  }
}
