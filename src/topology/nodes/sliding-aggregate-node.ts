import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import { planEarly, planWindows, type SlidingStep } from '../windows/plan-sliding-windows.ts'
import type { SlidingWindows } from '../windows/sliding-windows.ts'
import type { NodeSite } from './live-node.ts'
import {
  TimeWindowedNode,
  type TimeWindowedDefinition,
  type WindowedRecord,
} from './time-windowed-node.ts'
import type { WindowUpdate } from './windowed-node.ts'

/** Keeps an aggregate for each key and sliding window. */
export interface SlidingAggregateDefinition extends TimeWindowedDefinition {
  readonly kind: 'sliding-aggregate'
  readonly name: string
  readonly parents: readonly string[]
  readonly windows: SlidingWindows
}

/**
 * Adds each record to all windows that it lies in, makes those that begin or end with it, and forwards each change.
 *
 * Records with a null key or value are dropped, and so are those whose last window has closed.
 */
export class SlidingAggregateNode extends TimeWindowedNode {
  readonly #windows: SlidingWindows

  constructor(definition: SlidingAggregateDefinition, site: NodeSite) {
    super({ ...definition, nullValues: 'dropped' }, site)
    this.#windows = definition.windows
  }

  process(record: StreamRecord): MaybePromise {
    if (this.isDropped(record)) return undefined
    const { timestamp } = record
    const { differenceMs, graceMs } = this.#windows
    const closeTime = this.observe(timestamp) - graceMs
    if (timestamp + differenceMs < closeTime) return this.context.dropped('late', this.name)
    return this.withWindows(record, closeTime, (windowed) => {
      // Before the first difference nothing can have closed.
      if (timestamp < differenceMs) return this.#run(windowed, this.#planEarly(windowed), undefined)
      return this.#run(windowed, this.#plan(windowed), closeTime - differenceMs - 1)
    })
  }

  protected closedAt(observed: number): number {
    return observed - this.#windows.graceMs - this.#windows.differenceMs - 1
  }

  #planEarly({ record: { timestamp }, windows }: WindowedRecord): readonly SlidingStep[] {
    return planEarly(timestamp, windows.between(0, timestamp + 1))
  }

  #plan({ record: { timestamp }, windows }: WindowedRecord): readonly SlidingStep[] {
    const { differenceMs } = this.#windows
    const from = Math.max(0, timestamp - 2 * differenceMs)
    // To the one that begins just after the record, so that it is known whether there is one.
    return planWindows(timestamp, differenceMs, windows.between(from, timestamp + 1))
  }

  #run(
    windowed: WindowedRecord,
    steps: readonly SlidingStep[],
    emitUntil: number | undefined,
    from = 0,
  ): MaybePromise {
    for (let next = from; next < steps.length;) {
      const step = steps[next++]!
      if (this.#isClosed(step, windowed)) {
        this.context.dropped('late', this.name)
        continue
      }
      const update = this.#take(step, windowed)
      if (update === undefined) return undefined
      const pending = this.tellUpdate(update)
      if (pending !== undefined)
        return pending.then(() => this.#run(windowed, steps, emitUntil, next))
    }
    return emitUntil === undefined ? undefined : this.emitClosed(windowed.record, emitUntil)
  }

  /** A window that takes over what another holds takes no record, so it cannot be too late for it. */
  #isClosed({ start, kind }: SlidingStep, { closeTime }: WindowedRecord): boolean {
    return kind !== 'copy' && start + this.#windows.differenceMs < closeTime
  }

  #take(step: SlidingStep, windowed: WindowedRecord): WindowUpdate | undefined {
    const { start } = step
    const window = { start, end: start + this.#windows.differenceMs }
    if (step.kind === 'update') return this.addTo(windowed, { window, stored: step.stored })
    if (step.kind === 'create')
      return this.addTo(windowed, { window, stored: undefined, from: step.from })
    windowed.windows.put(start, step.from)
    const { key, headers } = windowed.record
    const { value: newValue, timestamp } = step.from
    return { key, window, oldValue: null, newValue, timestamp, headers }
  }
}
