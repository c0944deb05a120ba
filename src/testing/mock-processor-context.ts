import type { MaybePromise } from '../model/maybe-promise.ts'
import { isTimestamp } from '../model/timestamp.ts'
import type { RecordPosition } from '../model/record.ts'
import type { StreamRecord } from '../model/stream-record.ts'
import type { TaskId } from '../model/task-id.ts'
import type { Timers } from '../stores/contract/timers.ts'
import type { Cancellable, PunctuationType } from '../topology/processing/punctuation.ts'
import { AttachedStores } from '../topology/processor/attached-stores.ts'
import type { ProcessorContext, ScheduleOptions } from '../topology/processor/processor-context.ts'
import type { StoreBuilder } from '../topology/processor/store-builder.ts'
import { MockStores } from './mock-stores.ts'
import { MockTimers } from './mock-timers.ts'

/** What the context of a processor under test begins with. */
export interface MockProcessorContextOptions {
  /** Those that the processor uses. (Default: none) */
  readonly stores?: readonly StoreBuilder[]
  readonly applicationId?: string
  readonly taskId?: TaskId
}

/** A record that was forwarded. */
export interface CapturedForward<K, V> {
  readonly record: StreamRecord<K, V>
  /** The child that it was for; absent for all. */
  readonly child?: string
}

/** A schedule that was made: nothing calls it but the test. */
export interface CapturedPunctuator {
  readonly intervalMs: number
  readonly type: PunctuationType
  readonly startMs?: number
  readonly isCancelled: boolean
  /** Calls it as the task would at a time. */
  punctuate(timestamp: number): MaybePromise
}

/**
 * A context for a processor alone, without a topology: it remembers what the processor does, and time is what the test says.
 * Stores are real, and empty at first.
 *
 * @example
 * ```ts
 * const context = await MockProcessorContext.open<string, number>({ stores: [totals] })
 * context.currentStreamTimeMs = 5
 * await processor.process({ key: 'a', value: 1, timestamp: 5, headers: [] }, context)
 * context.forwarded // [{ record: { key: 'a', value: 1, timestamp: 5, headers: [] } }]
 * await context.store(totals).get('a') // 1
 * await context.close()
 * ```
 */
export class MockProcessorContext<KOut = unknown, VOut = unknown> implements ProcessorContext<
  KOut,
  VOut
> {
  readonly applicationId: string
  readonly taskId: TaskId
  currentStreamTimeMs = -1
  currentSystemTimeMs = 0
  recordMetadata: RecordPosition | undefined
  /** What was set is to be read with `get`; `onTimer` is for the test to call. */
  readonly timers: Timers = new MockTimers()
  readonly #stores: MockStores
  readonly #attached: AttachedStores
  #forwarded: CapturedForward<KOut, VOut>[] = []
  #punctuators: CapturedPunctuator[] = []
  #isCommitRequested = false

  private constructor(
    { stores = [], applicationId = 'test', taskId = '0_0' }: MockProcessorContextOptions,
    opened: MockStores,
  ) {
    this.applicationId = applicationId
    this.taskId = taskId
    this.#stores = opened
    const streamTime = () => this.currentStreamTimeMs
    const context = {
      store: <Store>(name: string) => opened.store<Store>(name),
      get streamTime() {
        return streamTime()
      },
    }
    this.#attached = new AttachedStores(context, stores, 'the processor under test')
  }

  static async open<KOut = unknown, VOut = unknown>(
    options: MockProcessorContextOptions = {},
  ): Promise<MockProcessorContext<KOut, VOut>> {
    return new MockProcessorContext(options, await MockStores.open(options.stores ?? []))
  }

  store<Store>(store: StoreBuilder<Store> | string): Store {
    return this.#attached.get(typeof store === 'string' ? store : store.name) as Store
  }

  forward(record: StreamRecord<KOut, VOut>, child?: string): void {
    if (!isTimestamp(record.timestamp))
      throw new TypeError(`the processor forwards a record at ${record.timestamp}`)
    this.#forwarded.push(child === undefined ? { record } : { record, child })
  }

  schedule(
    intervalMs: number,
    type: PunctuationType,
    punctuate: (timestamp: number) => MaybePromise,
    { startMs }: ScheduleOptions = {},
  ): Cancellable {
    const start = startMs !== undefined && { startMs }
    const captured = { intervalMs, type, ...start, isCancelled: false, punctuate }
    this.#punctuators.push(captured)
    return { cancel: () => void (captured.isCancelled = true) }
  }

  commit(): void {
    this.#isCommitRequested = true
  }

  /** What was forwarded since the last {@link resetForwards}, in order. */
  get forwarded(): readonly CapturedForward<KOut, VOut>[] {
    return this.#forwarded
  }

  resetForwards(): void {
    this.#forwarded = []
  }

  /** Schedules in the order in which they were made, those too that were cancelled. */
  get scheduledPunctuators(): readonly CapturedPunctuator[] {
    return this.#punctuators
  }

  /** Whether the processor has asked for a commit since the last {@link resetCommit}. */
  get isCommitRequested(): boolean {
    return this.#isCommitRequested
  }

  resetCommit(): void {
    this.#isCommitRequested = false
  }

  close(): Promise<void> {
    return this.#stores.close()
  }
}
