import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { KeyWindows, WindowAggregates } from '../../stores/contract/key-windows.ts'
import type { WindowStoreDefinition } from '../../stores/contract/store-definition.ts'
import { aggregateOnto, type Aggregation } from '../processing/aggregation.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { WindowBounds } from '../windows/fixed-windows.ts'
import type { NodeSite } from './live-node.ts'
import { WindowedNode, type WindowedDefinition, type WindowUpdate } from './windowed-node.ts'

/** A record on its way into the windows of its key. */
export interface WindowedRecord {
  readonly record: StreamRecord
  readonly windows: KeyWindows<unknown>
  /** Windows that end before this take nothing more. */
  readonly closeTime: number
}

/** What a window's next aggregate is made of. */
export interface WindowBase {
  readonly window: WindowBounds
  /** What the store has for the window. */
  readonly stored: ValueAndTimestamp<unknown> | undefined
  /** Another aggregate to begin with than what is stored, or the initial one. */
  readonly from?: ValueAndTimestamp<unknown> | undefined
}

/** What definitions of such nodes have in common. */
export interface TimeWindowedDefinition extends WindowedDefinition {
  readonly store: WindowStoreDefinition
  readonly aggregation: Aggregation
}

/** A node that aggregates into windows which are known by their starts. */
export abstract class TimeWindowedNode extends WindowedNode<WindowAggregates> {
  readonly #aggregation: Aggregation

  constructor(definition: TimeWindowedDefinition, site: NodeSite) {
    super(definition, site)
    this.#aggregation = definition.aggregation
  }

  /** Goes on with the windows of the record's key. */
  protected withWindows(
    record: StreamRecord,
    closeTime: number,
    use: (windowed: WindowedRecord) => MaybePromise,
  ): MaybePromise {
    let found: MaybePromise<KeyWindows<unknown>>
    try {
      found = this.store.windowsOf(record.key)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(found, (windows) => use({ record, windows, closeTime }))
  }

  /** Adds the record to a window. `undefined`: the user's function has failed, and the record goes no further. */
  protected addTo(
    { record, windows }: WindowedRecord,
    { window, stored, from = stored }: WindowBase,
  ): WindowUpdate | undefined {
    const { key, value, timestamp, headers } = record
    try {
      const before = from ? from.value : this.#aggregation.initial()
      const newValue = aggregateOnto(this.#aggregation, key, value, before)
      const latest = from ? Math.max(timestamp, from.timestamp) : timestamp
      windows.put(
        window.start,
        newValue === null ? undefined : { value: newValue, timestamp: latest },
      )
      // What is held tells as old value what was forwarded; a change that is told at once, what the aggregate began with.
      const oldValue = this.isCached ? (stored?.value ?? null) : (before ?? null)
      const time = this.isCached && newValue === null ? timestamp : latest
      return { key, window, oldValue, newValue, timestamp: time, headers }
    } catch (error) {
      this.failed(error, record)
      return undefined
    }
  }
}
