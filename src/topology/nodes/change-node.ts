import type { Headers } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { Change } from '../processing/change.ts'
import { inTurn } from '../processing/in-turn.ts'
import type { KeyIdentity } from '../processing/key-identity.ts'
import { HeldChanges } from './held-changes.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** A store whose changes are held until the commit. */
export interface CachedStore {
  readonly name: string
  /** What tells its keys apart. */
  readonly identityOf: KeyIdentity
}

/**
 * A node that tells the changes of a table: as they come, or at flush where its store is cached; then one for each key, whose
 * old value is the one that was forwarded last.
 */
export abstract class ChangeNode extends LiveNode {
  readonly #held: HeldChanges | undefined

  /** @param cached The store whose changes are held; `undefined` where changes are told as they come. */
  constructor(cached: CachedStore | undefined, site: NodeSite) {
    super(site)
    if (cached === undefined) return
    this.#held = new HeldChanges(cached.identityOf)
    this.context.untold.set(cached.name, this.#held)
  }

  /** Whether changes wait for the commit; they need the old value even where no node below does: a row that came and went is not told. */
  protected get isHolding(): boolean {
    return this.#held !== undefined
  }

  override flush(): MaybePromise {
    if (this.#held === undefined) return undefined
    return inTurn(this.#held.take(), ({ key, oldValue, newValue, timestamp, headers, origin }) =>
      this.context.at(origin, () =>
        this.forward({ key, value: { newValue, oldValue }, timestamp, headers }),
      ),
    )
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
    const { origin } = this.context
    this.#held.hold({ key, oldValue, newValue, timestamp, headers, origin })
    return this.#held.isFull ? this.flush() : undefined
  }
}
