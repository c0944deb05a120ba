import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordPosition } from '../../model/record.ts'
import type { TaskId } from '../../model/task-id.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Cancellable, PunctuationType } from '../processing/punctuation.ts'
import type { Timers } from '../../stores/contract/timers.ts'
import type { StoreBuilder } from './store-builder.ts'

/** Options of `schedule`. */
export interface ScheduleOptions {
  /**
   * Milliseconds since the epoch: calls come a whole number of intervals after it, the first not before it. Where it has passed, with
   * the next of these times.
   */
  readonly startMs?: number
}

/** What a processor may ask of the task it runs in. */
export interface ProcessorContext<KOut = unknown, VOut = unknown> {
  readonly applicationId: string
  /** `<sub-topology>_<partition>` */
  readonly taskId: TaskId
  /** Highest timestamp that the task has seen, milliseconds; −1 before the first record. */
  readonly currentStreamTimeMs: number
  /** Milliseconds since the epoch, by the clock of the application. */
  readonly currentSystemTimeMs: number
  /** Where the record that is processed came from; nothing in a punctuation. */
  readonly recordMetadata: RecordPosition | undefined
  /**
   * A store that is attached to the processor, or the store of a global table, which may be read wherever it is.
   * @throws TopologyError `TOPOLOGY_INVALID` when it is neither: the message names the node and what leads to it.
   */
  store<Store>(store: StoreBuilder<Store>): Store
  store<Store>(name: string): Store
  /**
   * Hands a record to all children or to the one of that name, depth first: when the promise is fulfilled, or where there is
   * none, they have processed it. Records that are forwarded without waiting go on in their order.
   * @throws TypeError when there is no such child, the timestamp is negative, or the key is another where it must stay: to the failure
   *   policy it is a `PROCESSING_FAILED` of the record, like whatever a processor throws.
   */
  forward(record: StreamRecord<KOut, VOut>, child?: string): MaybePromise
  /**
   * Calls a function again and again: by stream time with the first record and then whenever records advance it by the interval, by
   * the wall clock an interval from now. Times that were missed are not made up for.
   *
   * A schedule that is made in `init` goes on after a restart where it was; one that is made later has to be made again.
   */
  schedule(
    intervalMs: number,
    type: PunctuationType,
    punctuator: (timestamp: number) => MaybePromise,
    options?: ScheduleOptions,
  ): Cancellable
  /**
   * Timers, each with a key: `onTimer` of the processor is called when the time of one has come. They are stored with the commit, so
   * that they survive restarts and go along when the task moves, and a timer and what comes of it happen together, once. All of a
   * task are kept in memory.
   *
   * By stream time, which is the default, a timer comes before the first record of a later time and after those of its own; by the
   * wall clock, between two records. Where several are due, they come by time. A task without records has no stream time that goes
   * on, but for the option `streamTimeIdleMs`.
   *
   * {@link Timers} shows examples.
   *
   * @throws TypeError when the processor has no `onTimer`.
   */
  readonly timers: Timers
  /** Asks for a commit. It comes soon, not at once: the record that is processed belongs to it, and others may. */
  commit(): void
}
