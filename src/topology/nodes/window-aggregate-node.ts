import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { FixedWindows, WindowBounds } from '../windows/fixed-windows.ts'
import type { NodeSite } from './live-node.ts'
import {
  TimeWindowedNode,
  type TimeWindowedDefinition,
  type WindowedRecord,
} from './time-windowed-node.ts'

/** Keeps an aggregate for each key and window. */
export interface WindowAggregateDefinition extends TimeWindowedDefinition {
  readonly kind: 'window-aggregate'
  readonly name: string
  readonly parents: readonly string[]
  readonly windows: FixedWindows
}

/**
 * Adds each record to the aggregates of all windows that its time is in, and forwards each change.
 *
 * Records with a null key are dropped; a null value is aggregated unless they are dropped too. A window that has closed takes nothing more: that is a drop
 * for each of them.
 */
export class WindowAggregateNode extends TimeWindowedNode {
  readonly #windows: FixedWindows

  constructor(definition: WindowAggregateDefinition, site: NodeSite) {
    super(definition, site)
    this.#windows = definition.windows
  }

  process(record: StreamRecord): MaybePromise {
    if (this.isDropped(record)) return undefined
    const { timestamp } = record
    const closeTime = this.observe(timestamp) - this.#windows.graceMs
    const windows = this.#windows.windowsFor(timestamp)
    return this.withWindows(record, closeTime, (windowed) => this.#aggregate(windowed, windows, 0))
  }

  protected closedAt(observed: number): number {
    return observed - this.#windows.graceMs - this.#windows.sizeMs
  }

  /** From one window on. Where the user's function fails it ends, as in Kafka Streams: the windows before have the record. */
  #aggregate(
    windowed: WindowedRecord,
    windows: readonly WindowBounds[],
    from: number,
  ): MaybePromise {
    for (let next = from; next < windows.length;) {
      const window = windows[next++]!
      if (window.end <= windowed.closeTime) {
        this.context.dropped('late', this.name)
        continue
      }
      const stored = windowed.windows.get(window.start)
      const update = this.addTo(windowed, { window, stored })
      const pending = update && this.tellUpdate(update)
      if (update === undefined) return undefined
      if (pending !== undefined) return pending.then(() => this.#aggregate(windowed, windows, next))
    }
    return this.emitClosed(windowed.record, windowed.closeTime - this.#windows.sizeMs)
  }
}
