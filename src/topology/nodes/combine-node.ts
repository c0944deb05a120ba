import type { Headers } from '../../model/headers.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { Aggregation } from '../processing/aggregation.ts'
import { createKeyIdentity, type KeyIdentity } from '../processing/key-identity.ts'
import { withPartialMark } from '../processing/partial-mark.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { MAX_HELD_KEYS } from './held-changes.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Combines records before they go to a repartition topic. */
export interface CombineDefinition {
  readonly kind: 'combine'
  readonly name: string
  readonly parents: readonly string[]
  readonly key: Serde<unknown>
  readonly aggregation: Aggregation
  /** Hold partials until the commit; `false` sends each record on at once, as a partial of one. */
  readonly cache: boolean
}

interface Partial {
  readonly key: unknown
  aggregate: unknown
  timestamp: number
  headers: Headers
}

/**
 * Holds a partial aggregate for each key and forwards them at flush, marked, in the order of the
 * keys' first records. Without a cache it forwards a partial for each record.
 *
 * A partial has the highest timestamp and the last headers of its records. Those with a null value
 * are dropped here: the aggregate behind the topic would drop them too, and could not tell any
 * more.
 */
export class CombineNode extends LiveNode {
  readonly #aggregation: Aggregation
  readonly #identityOf: KeyIdentity
  readonly #keysMax: number
  #partials = new Map<unknown, Partial>()

  constructor({ aggregation, key, cache }: CombineDefinition, site: NodeSite) {
    super(site)
    this.#aggregation = aggregation
    this.#identityOf = createKeyIdentity(key)
    this.#keysMax = cache ? MAX_HELD_KEYS : 1
  }

  process(record: StreamRecord): MaybePromise {
    if (record.value === null || record.value === undefined)
      return this.context.dropped('null-value', this.name)
    try {
      this.#add(record)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.#partials.size >= this.#keysMax ? this.flush() : undefined
  }

  override flush(): MaybePromise {
    const partials = [...this.#partials.values()]
    this.#partials = new Map()
    return this.#forwardPartials(partials, 0)
  }

  #add({ key, value, timestamp, headers }: StreamRecord): void {
    const identity = this.#identityOf(key)
    const partial = this.#partials.get(identity)
    if (partial === undefined) {
      const initial = this.#aggregation.initial()
      this.#partials.set(identity, {
        key,
        aggregate: checked(this.#aggregation.first(key, value, initial)),
        timestamp,
        headers,
      })
      return
    }
    partial.aggregate = checked(this.#aggregation.add(key, value, partial.aggregate))
    if (timestamp > partial.timestamp) partial.timestamp = timestamp
    partial.headers = headers
  }

  #forwardPartials(partials: readonly Partial[], from: number): MaybePromise {
    for (let next = from; next < partials.length;) {
      const { key, aggregate, timestamp, headers } = partials[next++]!
      const pending = this.forward({
        key,
        value: aggregate,
        timestamp,
        headers: withPartialMark(headers),
      })
      if (pending !== undefined) return this.#forwardPartialsAfter(pending, partials, next)
    }
    return undefined
  }

  async #forwardPartialsAfter(
    pending: Promise<void>,
    partials: readonly Partial[],
    from: number,
  ): Promise<void> {
    await pending
    await this.#forwardPartials(partials, from)
  }
}

/**
 * A partial that deletes has no meaning: whether there is something to delete is known only behind
 * the topic.
 */
function checked(aggregate: unknown): unknown {
  if (aggregate !== null && aggregate !== undefined) return aggregate
  throw new TypeError('an aggregation that is combined must not delete, but gave null or undefined')
}
