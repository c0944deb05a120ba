import { NO_HEADERS } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type {
  KeySessions,
  SessionAggregates,
  SessionEntry,
} from '../../stores/contract/key-sessions.ts'
import type { SessionStoreDefinition } from '../../stores/contract/store-definition.ts'
import { aggregateOnto, type Aggregation } from '../processing/aggregation.ts'
import { inTurn } from '../processing/in-turn.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { WindowBounds } from '../windows/fixed-windows.ts'
import type { SessionWindows } from '../windows/session-windows.ts'
import type { NodeSite } from './live-node.ts'
import { WindowedNode, type WindowedDefinition } from './windowed-node.ts'

/** Joins the aggregates of two sessions, the earlier one first; the first of all is the initial aggregate. */
export type SessionMerger = (key: unknown, earlier: unknown, later: unknown) => unknown

/** Keeps an aggregate for each key and session. */
export interface SessionAggregateDefinition extends WindowedDefinition {
  readonly kind: 'session-aggregate'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: SessionStoreDefinition
  readonly windows: SessionWindows
  readonly aggregation: Aggregation
  readonly merger: SessionMerger
}

/** A record, and the sessions that it lies in or joins. */
interface Joining {
  readonly record: StreamRecord
  readonly sessions: KeySessions<unknown>
  readonly found: readonly SessionEntry<unknown>[]
  /** What they have become together, with the record. */
  readonly session: WindowBounds
}

/**
 * Merges the sessions that a record joins, adds the record, and forwards each change: a tombstone for each session that is no
 * more, then the new one.
 *
 * Records with a null key are dropped; a null value is aggregated unless they are dropped too. A record whose session has closed is dropped. The time of a
 * change is the end of its session.
 */
export class SessionAggregateNode extends WindowedNode<SessionAggregates> {
  readonly #windows: SessionWindows
  readonly #aggregation: Aggregation
  readonly #merger: SessionMerger

  constructor(definition: SessionAggregateDefinition, site: NodeSite) {
    super(definition, site)
    this.#windows = definition.windows
    this.#aggregation = definition.aggregation
    this.#merger = definition.merger
  }

  process(record: StreamRecord): MaybePromise {
    if (this.isDropped(record)) return undefined
    const { key, timestamp } = record
    const { gapMs, graceMs } = this.#windows
    const closeTime = this.observe(timestamp) - graceMs - gapMs
    let known: MaybePromise<KeySessions<unknown>>
    try {
      known = this.store.sessionsOf(key)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(known, (sessions) => {
      const found = sessions.overlapping(timestamp - gapMs, timestamp + gapMs)
      return this.#join({ record, sessions, found, session: united(timestamp, found) }, closeTime)
    })
  }

  protected closedAt(observed: number): number {
    return observed - this.#windows.graceMs - this.#windows.gapMs - 1
  }

  #join(joining: Joining, closeTime: number): MaybePromise {
    const { record, found, session } = joining
    let merged: unknown
    try {
      merged = this.#merge(record.key, found)
    } catch (error) {
      return this.failed(error, record)
    }
    const emit = () => this.emitClosed(record, closeTime - 1)
    if (session.end < closeTime) {
      this.context.dropped('late', this.name)
      return emit()
    }
    const isUnchanged = session.start === session.end
    const removing = isUnchanged ? undefined : this.#remove(joining)
    return removing === undefined
      ? this.#add(joining, merged, emit)
      : removing.then(() => this.#add(joining, merged, emit))
  }

  #merge(key: unknown, found: readonly SessionEntry<unknown>[]): unknown {
    return found.reduce<unknown>(
      (aggregate, { value }) => this.#merger(key, aggregate, value) ?? null,
      this.#aggregation.initial() ?? null,
    )
  }

  #remove({ record, sessions, found }: Joining): MaybePromise {
    return inTurn(found, ({ start, end, value }) => {
      sessions.delete(start, end)
      return this.#tell(record, { start, end }, value, null)
    })
  }

  #add(
    { record, sessions, session }: Joining,
    merged: unknown,
    then: () => MaybePromise,
  ): MaybePromise {
    const { key, value } = record
    const { start, end } = session
    let before: unknown = null
    let aggregate: unknown
    try {
      if (this.isCached) before = sessions.get(start, end) ?? null
      aggregate = aggregateOnto(this.#aggregation, key, value, merged)
      if (aggregate === null) sessions.delete(start, end)
      else sessions.put({ start, end, value: aggregate })
    } catch (error) {
      return this.failed(error, record)
    }
    const pending = this.#tell(record, session, before, aggregate)
    return pending === undefined ? then() : pending.then(then)
  }

  /** Without headers where each change is told, as Kafka Streams does. */
  #tell(
    { key, headers }: StreamRecord,
    window: WindowBounds,
    oldValue: unknown,
    newValue: unknown,
  ): MaybePromise {
    return this.tellUpdate({
      ...{ key, window, oldValue, newValue },
      timestamp: window.end,
      headers: this.isCached ? headers : NO_HEADERS,
    })
  }
}

function united(timestamp: number, sessions: readonly SessionEntry<unknown>[]): WindowBounds {
  return {
    start: Math.min(timestamp, ...sessions.map(({ start }) => start)),
    end: Math.max(timestamp, ...sessions.map(({ end }) => end)),
  }
}
