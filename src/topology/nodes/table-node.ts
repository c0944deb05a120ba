import type { Headers } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { KeyValueStore } from '../../stores/contract/key-value-store.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Change } from '../processing/change.ts'
import type { TableRow } from '../processing/value-lookup.ts'
import { whenKnown } from '../processing/when-known.ts'
import { HeldChanges, type HeldChange } from './held-changes.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/**
 * A node whose output is a table, which may be kept in a store.
 *
 * Changes are forwarded as they come, or at flush where the store is cached: then one for each key, whose old value is the one
 * that was forwarded last.
 */
export abstract class TableNode extends LiveNode {
  protected readonly store: KeyValueStore<unknown, unknown> | undefined
  readonly #held: HeldChanges | undefined

  constructor(definition: KeyValueStoreDefinition | undefined, site: NodeSite) {
    super(site)
    this.store = definition && site.context.store(definition.name)
    this.#held = definition?.cache ? new HeldChanges(definition.key) : undefined
  }

  /** Whether changes wait for the commit; they need the old value even where no node below does: a row that came and went is not told. */
  protected get isHolding(): boolean {
    return this.#held !== undefined
  }

  override flush(): MaybePromise {
    return this.#held === undefined ? undefined : this.#forwardHeld(this.#held.take(), 0)
  }

  /** Goes on with the row that the node's own store has for a key. */
  protected withRow(key: unknown, use: (row: TableRow) => MaybePromise): MaybePromise {
    let row: MaybePromise<TableRow>
    try {
      row = this.store!.get(key)
    } catch (error) {
      return this.failed(error)
    }
    return whenKnown(row, use)
  }

  /** Puts the new value into the store, if there is one, and tells the children. */
  protected update(
    key: unknown,
    oldValue: unknown,
    newValue: unknown,
    timestamp: number,
    headers: Headers,
  ): MaybePromise {
    if (this.store !== undefined) {
      try {
        this.store.put(key, newValue === null ? undefined : { value: newValue, timestamp })
      } catch (error) {
        return this.failed(error)
      }
    }
    return this.tell(key, oldValue, newValue, timestamp, headers)
  }

  /** Forwards a change that is in the store already, now or at flush. */
  protected tell(
    key: unknown,
    oldValue: unknown,
    newValue: unknown,
    timestamp: number,
    headers: Headers,
  ): MaybePromise {
    if (this.#held === undefined) {
      const value: Change = { newValue, oldValue }
      return this.forward({ key, value, timestamp, headers })
    }
    this.#held.hold(key, oldValue, newValue, timestamp, headers)
    return this.#held.isFull ? this.flush() : undefined
  }

  #forwardHeld(changes: readonly HeldChange[], from: number): MaybePromise {
    for (let next = from; next < changes.length;) {
      const { key, oldValue, newValue, timestamp, headers } = changes[next++]!
      const pending = this.forward({ key, value: { newValue, oldValue }, timestamp, headers })
      if (pending !== undefined) return this.#forwardHeldAfter(pending, changes, next)
    }
    return undefined
  }

  async #forwardHeldAfter(
    pending: Promise<void>,
    changes: readonly HeldChange[],
    from: number,
  ): Promise<void> {
    await pending
    await this.#forwardHeld(changes, from)
  }
}
