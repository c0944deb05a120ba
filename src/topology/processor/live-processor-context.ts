import { scheduleTimeOf } from '../../model/kept-time-name.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordPosition } from '../../model/record.ts'
import { isTimestamp } from '../../model/timestamp.ts'
import type { TaskId } from '../../model/task-id.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { NodeContext } from '../processing/node-context.ts'
import type { Cancellable, PunctuationType } from '../processing/punctuation.ts'
import type { AttachedStores } from './attached-stores.ts'
import type { ProcessorContext, ScheduleOptions } from './processor-context.ts'
import type { Timers } from '../../stores/contract/timers.ts'
import type { StoreBuilder } from './store-builder.ts'

/** What a context needs of its node. */
export interface ProcessorSite {
  readonly name: string
  readonly context: NodeContext
  readonly stores: AttachedStores
  /** Hands a record to the children. @throws TypeError when there is no such child. */
  readonly forward: (record: StreamRecord, child: string | undefined) => MaybePromise
  /** Runs a function of the processor at a time, as the node runs the others. */
  readonly run: (call: () => MaybePromise, timestamp: number) => MaybePromise
  /** None where the processor could not be told of a timer. */
  readonly timers: Timers | undefined
}

/** The context of one processor in one task. */
export class LiveProcessorContext implements ProcessorContext {
  readonly #site: ProcessorSite
  /** Schedules that were made in `init`; nothing once that is over. */
  #inInit: number | undefined = 0

  constructor(site: ProcessorSite) {
    this.#site = site
  }

  get applicationId(): string {
    return this.#site.context.applicationId
  }

  get taskId(): TaskId {
    return this.#site.context.taskId
  }

  get currentStreamTimeMs(): number {
    return this.#site.context.streamTime
  }

  get currentSystemTimeMs(): number {
    return this.#site.context.wallClock
  }

  get recordMetadata(): RecordPosition | undefined {
    return this.#site.context.position
  }

  store<Store>(store: StoreBuilder<Store> | string): Store {
    return this.#site.stores.get(typeof store === 'string' ? store : store.name) as Store
  }

  forward(record: StreamRecord, child?: string): MaybePromise {
    if (!isTimestamp(record.timestamp))
      throw new TypeError(`node ${this.#site.name} forwards a record at ${record.timestamp}`)
    return this.#site.forward(record, child)
  }

  schedule(
    intervalMs: number,
    type: PunctuationType,
    punctuator: (timestamp: number) => MaybePromise,
    { startMs }: ScheduleOptions = {},
  ): Cancellable {
    const { name: node, context, run } = this.#site
    const punctuate = (timestamp: number) => run(() => punctuator(timestamp), timestamp)
    return context.schedule({ node, type, intervalMs, startMs, punctuate, ...this.#kept() })
  }

  get timers(): Timers {
    const { name, timers } = this.#site
    if (timers) return timers
    throw new TypeError(`the processor of ${name} has no method onTimer, so it can set no timers`)
  }

  commit(): void {
    this.#site.context.requestCommit()
  }

  /** From now on schedules are not kept: which is which could not be told after a restart. */
  initialised(): void {
    this.#inInit = undefined
  }

  #kept() {
    if (this.#inInit === undefined) return {}
    const { name, context } = this.#site
    return { kept: context.time(scheduleTimeOf(name, this.#inInit++)) }
  }
}
