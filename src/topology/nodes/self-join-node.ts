import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { JoinPartner, JoinWindowStore } from '../../stores/contract/join-window-store.ts'
import type { JoinWindowStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { ValueJoiner } from '../processing/functions.ts'
import { JoinTime } from '../processing/join-time.ts'
import { LiveNode, type NodeSite } from './live-node.ts'
import type { JoinWindows } from './stream-join-node.ts'

/** Joins a stream with itself, out of one window of its records. */
export interface SelfJoinDefinition {
  readonly kind: 'self-join'
  readonly name: string
  readonly parents: readonly string[]
  readonly windows: JoinWindows
  readonly joiner: ValueJoiner
  /** The records of the stream; the node above keeps them. */
  readonly others: JoinWindowStoreDefinition
}

/**
 * Each record with every earlier one in its window, as the left and then as the right of both, and with itself: what a join of
 * the stream with itself gives that has a window for either side. Every record has a partner, so that an outer join gives the same.
 */
export class SelfJoinNode extends LiveNode {
  readonly #definition: SelfJoinDefinition
  readonly #others: JoinWindowStore<unknown, unknown>
  readonly #time: JoinTime

  constructor(definition: SelfJoinDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
    this.#others = site.context.store(definition.others.name)
    this.#time = new JoinTime(definition.name, site.context)
  }

  process(record: StreamRecord): MaybePromise {
    const { key = null, value = null, timestamp } = record
    if (key === null || value === null)
      return this.context.dropped(key === null ? 'null-key' : 'null-value', this.name)
    this.#time.advance(timestamp)
    const { beforeMs, afterMs } = this.#definition.windows
    let partners: MaybePromise<readonly JoinPartner<unknown>[]>
    try {
      const farthestMs = Math.max(beforeMs, afterMs)
      partners = this.#others.fetch(
        key,
        Math.max(0, timestamp - farthestMs),
        Math.max(0, timestamp + farthestMs),
      )
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(partners, (read) => this.forwardEach(this.#results(record, read), record))
  }

  /** In the order of a join with two windows, with the record itself where its time comes. */
  *#results(
    record: StreamRecord,
    partners: readonly JoinPartner<unknown>[],
  ): Generator<StreamRecord> {
    const { beforeMs, afterMs } = this.#definition.windows
    const { timestamp, value } = record
    const within = (before: number, after: number) => (partner: JoinPartner<unknown>) =>
      partner.timestamp >= timestamp - before && partner.timestamp <= Math.max(0, timestamp + after)
    for (const partner of partners.filter(within(beforeMs, afterMs)))
      yield this.#joined(record, value, partner.value, partner.timestamp)
    let isSelfDue = this.#isOpen(timestamp)
    for (const partner of partners.filter(within(afterMs, beforeMs))) {
      if (isSelfDue && partner.timestamp > timestamp) {
        isSelfDue = false
        yield this.#joined(record, value, value, timestamp)
      }
      yield this.#joined(record, partner.value, value, partner.timestamp)
    }
    if (isSelfDue) yield this.#joined(record, value, value, timestamp)
  }

  /** Whether a record comes early enough to be kept, and so to find itself. */
  #isOpen(timestamp: number): boolean {
    const { beforeMs, afterMs, graceMs } = this.#definition.windows
    return timestamp > this.#time.streamTime - (beforeMs + afterMs + graceMs) + 1
  }

  #joined(record: StreamRecord, left: unknown, right: unknown, otherTime: number): StreamRecord {
    return {
      ...record,
      value: this.#definition.joiner(left, right, record.key),
      timestamp: Math.max(record.timestamp, otherTime),
    }
  }
}
