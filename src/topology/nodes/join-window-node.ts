import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { JoinWindowStore } from '../../stores/contract/join-window-store.ts'
import type { JoinWindowStoreDefinition } from '../../stores/contract/store-definition.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Keeps the records of one side of a stream-stream join. */
export interface JoinWindowDefinition {
  readonly kind: 'join-window'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: JoinWindowStoreDefinition
}

/**
 * Forwards a record to the join, then keeps it for the other side: a stream that is joined with itself must not find a record
 * before it is there. Records without a key or a value are only forwarded.
 */
export class JoinWindowNode extends LiveNode {
  readonly #window: JoinWindowStore<unknown, unknown>

  constructor({ store }: JoinWindowDefinition, site: NodeSite) {
    super(site)
    this.#window = site.context.store(store.name)
  }

  process(record: StreamRecord): MaybePromise {
    const pending = this.forward(record)
    return pending === undefined ? this.#keep(record) : pending.then(() => this.#keep(record))
  }

  #keep(record: StreamRecord): MaybePromise {
    const { key = null, value = null, timestamp } = record
    if (key === null || value === null) return undefined
    try {
      return this.#window
        .add(key, timestamp, value)
        ?.catch((error: unknown) => this.failed(error, record))
    } catch (error) {
      return this.failed(error, record)
    }
  }
}
