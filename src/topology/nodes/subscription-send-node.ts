import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { Change } from '../processing/change.ts'
import type { ValueFunction } from '../processing/functions.ts'
import type {
  SubscriptionInstruction,
  SubscriptionRequest,
} from '../processing/subscription-serdes.ts'
import { hashOf } from '../processing/value-hash.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Subscribes the rows of a table to those of another one. */
export interface SubscriptionSendDefinition {
  readonly kind: 'subscription-send'
  readonly name: string
  readonly parents: readonly string[]
  readonly foreignKeyOf: ValueFunction<unknown>
  readonly foreignKey: Serde<unknown>
  readonly value: Serde<unknown>
  /** Rows without a partner are rows of the result. */
  readonly keepsUnmatched: boolean
  /** This table is a versioned one. */
  readonly isVersioned: boolean
}

type Requests = Generator<StreamRecord>

/**
 * The first step of a foreign-key join: for each change, tells the partitions of old and new foreign key who is interested in
 * their rows now. What it asks to be answered is what the result cannot do without.
 */
export class SubscriptionSendNode extends LiveNode {
  readonly #definition: SubscriptionSendDefinition

  constructor(definition: SubscriptionSendDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
  }

  process(record: StreamRecord): MaybePromise {
    if (this.#definition.isVersioned && (record.value as Change).isOld === true)
      return this.context.dropped('late', this.name)
    return this.forwardEach(this.#requests(record), record)
  }

  *#requests(record: StreamRecord): Requests {
    const { newValue, oldValue } = record.value as Change
    const hash = newValue === null ? null : hashOf(this.#definition.value, newValue)
    const request = (foreignKey: unknown, instruction: SubscriptionInstruction): StreamRecord => {
      const { partition } = this.context
      const value: SubscriptionRequest = { instruction, hash, partition, primaryKey: record.key }
      return { ...record, key: foreignKey, value }
    }
    if (!this.#definition.keepsUnmatched) yield* this.#requestsOfInner(record, request)
    else if (oldValue !== null || newValue !== null) yield* this.#requestsOfLeft(record, request)
  }

  /** The result has a row for every row of this table, so that there is an answer to everything. */
  *#requestsOfLeft({ key, value }: StreamRecord, request: Request): Requests {
    const { newValue, oldValue } = value as Change
    const before = this.#foreignKeyOf(oldValue, key)
    const now = this.#foreignKeyOf(newValue, key)
    if (before !== null && this.#differ(before, now)) yield request(before, 'unsubscribe')
    yield request(now, 'subscribe-and-answer')
  }

  *#requestsOfInner({ key, value }: StreamRecord, request: Request): Requests {
    const { newValue, oldValue } = value as Change
    const before = this.#foreignKeyOf(oldValue, key)
    const now = this.#foreignKeyOf(newValue, key)
    if (now === null) {
      if (newValue !== null) this.context.dropped('null-key', this.name)
      if (before !== null) yield request(before, 'unsubscribe-and-answer')
    } else if (before !== null && this.#differ(before, now)) {
      yield request(before, 'unsubscribe')
      yield request(now, 'subscribe-and-answer')
    } else yield request(now, 'subscribe-and-answer-if-there')
  }

  #foreignKeyOf(value: unknown, key: unknown): unknown {
    return value === null ? null : (this.#definition.foreignKeyOf(value, key) ?? null)
  }

  #differ(one: unknown, other: unknown): boolean {
    const { foreignKey } = this.#definition
    if (one === null || other === null) return one !== other
    return Buffer.compare(foreignKey.serialize(one), foreignKey.serialize(other)) !== 0
  }
}

type Request = (foreignKey: unknown, instruction: SubscriptionInstruction) => StreamRecord
