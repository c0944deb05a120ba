import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordOrigin } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import { AsyncCall, type CallOptions } from './async-call.ts'
import { callLane } from './call-lane.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Makes another value by a function that takes its time. */
export interface MapValuesAsyncDefinition extends CallOptions {
  readonly kind: 'map-values-async'
  readonly name: string
  readonly parents: readonly string[]
  /** Records under way at most: taken, and not forwarded. */
  readonly concurrency: number
  /** What keeps its order: the records of a key, or all. */
  readonly ordering: 'key' | 'partition'
}

/**
 * Replaces the value by what a promise brings; while it is pending, other records are taken.
 *
 * Calls run beside the task, results do not: they go on when the next record comes, or when the task asks for all of them with
 * {@link settle}, so that nodes below see one record at a time. A commit asks first: it covers no record whose result is not
 * forwarded.
 */
export class MapValuesAsyncNode extends LiveNode {
  readonly #definition: MapValuesAsyncDefinition
  /** Records under way, in the order in which they came. */
  readonly #calls: AsyncCall[] = []
  /** Where keys keep their order, the last call of each: the next one of that key waits for it. */
  readonly #lastOf = new Map<unknown, AsyncCall>()
  #isClosed = false
  #wake: (() => void) | undefined

  constructor(definition: MapValuesAsyncDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
  }

  process(record: StreamRecord): MaybePromise {
    const { origin } = this.context
    const { concurrency } = this.#definition
    if (this.#calls.length >= concurrency)
      return this.#untilFewerThan(concurrency).then(() => this.#take(record, origin))
    return this.#take(record, origin)
  }

  override settle(): MaybePromise {
    return this.#calls.length > 0 ? this.#untilFewerThan(1) : undefined
  }

  override flush(): MaybePromise {
    return this.settle()
  }

  /** Nobody waits for what is under way any more; what comes of it is forgotten, and what has not begun does not begin. */
  override close(): void {
    this.#isClosed = true
    for (const call of this.#calls) call.cancel()
    this.#wake?.()
  }

  #take(record: StreamRecord, origin: RecordOrigin | undefined): MaybePromise {
    if (this.#isClosed) return undefined
    let lane: unknown
    try {
      lane = this.#laneOf(record)
    } catch (error) {
      return this.context.at(origin, () => this.failed(error, record))
    }
    this.#call(lane, new AsyncCall(record, origin))
    return this.#forwardDone()
  }

  #laneOf({ key }: StreamRecord): unknown {
    return this.#definition.ordering === 'key' && key !== null ? callLane(key) : undefined
  }

  #call(lane: unknown, call: AsyncCall): void {
    this.#calls.push(call)
    void call.run(this.#definition, this.#lastOf.get(lane)?.ended, () => {
      if (this.#lastOf.get(lane) === call) this.#lastOf.delete(lane)
      this.#wake?.()
    })
    if (lane !== undefined && !call.isDone) this.#lastOf.set(lane, call)
  }

  async #untilFewerThan(count: number): Promise<void> {
    while (this.#calls.length >= count && !this.#isClosed) {
      await this.#untilOneIsDone()
      await this.#forwardDone()
    }
  }

  async #untilOneIsDone(): Promise<void> {
    while (this.#nextDone() < 0 && !this.#isClosed)
      await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  /** Index of the call whose result goes on next; −1 while there is none. */
  #nextDone(): number {
    if (this.#definition.ordering === 'key') return this.#calls.findIndex(({ isDone }) => isDone)
    return this.#calls[0]?.isDone === true ? 0 : -1
  }

  #forwardDone(): MaybePromise {
    for (let next = this.#nextDone(); next >= 0 && !this.#isClosed; next = this.#nextDone()) {
      const [call] = this.#calls.splice(next, 1)
      const pending = this.context.at(call!.origin, () => this.#forwardResult(call!))
      if (pending !== undefined) return pending.then(() => this.#forwardDone())
    }
    return undefined
  }

  #forwardResult({ record, outcome }: AsyncCall): MaybePromise {
    if (outcome!.isFailed) return this.failed(outcome!.error, record)
    return this.forward({ ...record, value: outcome!.value })
  }
}
