import { NO_HEADERS } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { JoinBuffer, JoinSide, UnmatchedRecord } from '../../stores/contract/join-buffer.ts'
import type { JoinPartner, JoinWindowStore } from '../../stores/contract/join-window-store.ts'
import type {
  JoinBufferStoreDefinition,
  JoinWindowStoreDefinition,
} from '../../stores/contract/store-definition.ts'
import type { ValueJoiner } from '../processing/functions.ts'
import { isPromise } from '../../model/is-promise.ts'
import { JoinTime } from '../processing/join-time.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** How far the times of two records of a join may lie apart, and how late they may come. Milliseconds. */
export interface JoinWindows {
  /** How long before the left record the right one may be. */
  readonly beforeMs: number
  /** How long after the left record the right one may be. */
  readonly afterMs: number
  readonly graceMs: number
}

/** Joins the records of one side of a stream-stream join with those of the other. */
export interface StreamJoinDefinition {
  readonly kind: 'stream-join'
  readonly name: string
  readonly parents: readonly string[]
  /** Name that both sides share. */
  readonly join: string
  readonly side: JoinSide
  readonly windows: JoinWindows
  readonly joiner: ValueJoiner
  /** The records of the other side. */
  readonly others: JoinWindowStoreDefinition
  /** Whether records of this side go on without a partner. */
  readonly keepsUnmatched: boolean
  /** Where records of either side wait for a partner, if any do. */
  readonly buffer: JoinBufferStoreDefinition | undefined
  /** The buffer, where this side brings it along. */
  readonly store: JoinBufferStoreDefinition | undefined
}

/**
 * One side of a stream-stream join: each record with every record of the other side whose time is in its window, at the later of
 * both times.
 *
 * A record that has to go on without a partner waits in the buffer until its window is closed and grace is over; a record of
 * either side that moves the time of the join lets those go that are due, with their own times and the headers of that record.
 */
export class StreamJoinNode extends LiveNode {
  readonly #definition: StreamJoinDefinition
  readonly #others: JoinWindowStore<unknown, unknown>
  readonly #buffer: JoinBuffer | undefined
  readonly #time: JoinTime
  readonly #beforeMs: number
  readonly #afterMs: number

  constructor(definition: StreamJoinDefinition, site: NodeSite) {
    super(site)
    const { side, windows, others, buffer, join } = definition
    this.#definition = definition
    this.#others = site.context.store(others.name)
    this.#buffer = buffer && site.context.store(buffer.name)
    this.#time = new JoinTime(join, site.context)
    this.#beforeMs = side === 'left' ? windows.beforeMs : windows.afterMs
    this.#afterMs = side === 'left' ? windows.afterMs : windows.beforeMs
  }

  process(record: StreamRecord): MaybePromise {
    const { timestamp, key = null, value = null } = record
    this.#time.advance(timestamp)
    if (value === null)
      return this.context.dropped(key === null ? 'null-key' : 'null-value', this.name)
    if (key === null) {
      return this.#definition.keepsUnmatched
        ? this.forwardEach(this.#alone(record), record)
        : this.context.dropped('null-key', this.name)
    }
    const from = Math.max(0, timestamp - this.#beforeMs)
    const to = Math.max(0, timestamp + this.#afterMs)
    let partners: MaybePromise<readonly JoinPartner<unknown>[]>
    try {
      partners = this.#others.fetch(key, from, to)
    } catch (error) {
      return this.failed(error, record)
    }
    return isPromise(partners)
      ? partners.then((read) => this.forwardEach(this.#results(record, read, to), record))
      : this.forwardEach(this.#results(record, partners, to), record)
  }

  override advance(streamTime: number): MaybePromise {
    this.#time.advance(streamTime)
    const nobody = { key: null, value: null, timestamp: streamTime, headers: NO_HEADERS }
    return this.forwardEach(this.#expired(nobody), nobody)
  }

  *#results(
    record: StreamRecord,
    partners: readonly JoinPartner<unknown>[],
    to: number,
  ): Generator<StreamRecord> {
    if (record.timestamp === this.#time.streamTime) yield* this.#expired(record)
    for (const partner of partners) yield this.#matched(record, partner)
    if (partners.length > 0 || !this.#definition.keepsUnmatched) return
    if (to < this.#time.streamTime) yield* this.#alone(record)
    else this.#wait(record)
  }

  #matched(record: StreamRecord, { timestamp, value }: JoinPartner<unknown>): StreamRecord {
    const other = this.#definition.side === 'left' ? 'right' : 'left'
    this.#buffer?.remove(other, record.key, timestamp)
    return {
      ...record,
      value: this.#join(record.key, record.value, value),
      timestamp: Math.max(record.timestamp, timestamp),
    }
  }

  *#alone(record: StreamRecord): Generator<StreamRecord> {
    yield { ...record, value: this.#join(record.key, record.value, null) }
  }

  #wait({ key, timestamp, value }: StreamRecord): void {
    this.#time.wait(timestamp)
    this.#buffer?.add(this.#definition.side, key, timestamp, value)
  }

  /**
   * The records of both sides whose windows have closed.
   *
   * What is known of the oldest that waits is the time of the one looked at last, as in Kafka Streams: so those that are left
   * over go together, and not everything is looked at with every record. An entry is forgotten when the next has been
   * forwarded, so that one whose joiner throws stays.
   */
  *#expired(record: StreamRecord): Generator<StreamRecord> {
    const { windows } = this.#definition
    if (this.#buffer === undefined || this.#time.isOpen(this.#afterMs + windows.graceMs)) return
    this.#time.oldestWaiting = Infinity
    const open = { left: false, right: false }
    let forwarded: UnmatchedRecord | undefined
    for (let entry = this.#buffer.after(); entry; entry = this.#buffer.after(entry.key)) {
      this.#time.oldestWaiting = entry.key.time
      if (open.left && open.right) break
      const lookAhead = entry.side === 'left' ? windows.afterMs : windows.beforeMs
      if (this.#time.isOpen(lookAhead + windows.graceMs)) {
        open[entry.side] = true
        continue
      }
      yield this.#unmatched(record, entry)
      if (forwarded && !isSamePlace(forwarded, entry)) this.#forget(forwarded)
      forwarded = entry
    }
    if (forwarded) this.#forget(forwarded)
  }

  #unmatched(record: StreamRecord, { recordKey, key, side, value }: UnmatchedRecord): StreamRecord {
    const { joiner } = this.#definition
    const joined = side === 'left' ? joiner(value, null, recordKey) : joiner(null, value, recordKey)
    return { ...record, key: recordKey, value: joined, timestamp: key.time }
  }

  #forget({ key }: UnmatchedRecord): void {
    this.#buffer?.removeAt(key)
  }

  #join(key: unknown, own: unknown, other: unknown): unknown {
    const { side, joiner } = this.#definition
    return side === 'left' ? joiner(own, other, key) : joiner(other, own, key)
  }
}

function isSamePlace({ key: one }: UnmatchedRecord, { key: other }: UnmatchedRecord): boolean {
  return one.time === other.time && one.bytes === other.bytes
}
