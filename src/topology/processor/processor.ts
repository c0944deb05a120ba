import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Timer } from '../../stores/contract/timers.ts'
import type { ProcessorContext } from './processor-context.ts'
import type { StoreBuilder } from './store-builder.ts'

/**
 * What does with records whatever it wants. One object serves one task: what it keeps in its fields is of one partition, and lost
 * with the task; what must last belongs in a store.
 *
 * All methods may be asynchronous. The next record comes when the promise of the last is fulfilled, so that order is kept.
 */
export interface Processor<KIn = unknown, VIn = unknown, KOut = KIn, VOut = VIn> {
  /** Before the first record: finds stores, makes schedules. */
  init?(context: ProcessorContext<KOut, VOut>): MaybePromise
  process(record: StreamRecord<KIn, VIn>, context: ProcessorContext<KOut, VOut>): MaybePromise
  /**
   * When a timer that `context.timers` was told of is due. Once, whatever happens: what it causes is committed together with its
   * being over.
   */
  onTimer?(timer: Timer, context: ProcessorContext<KOut, VOut>): MaybePromise
  /** When the task is given up. Nothing is committed any more. */
  close?(): void
}

/** Makes a processor for each task. */
export interface ProcessorSupplier<KIn = unknown, VIn = unknown, KOut = KIn, VOut = VIn> {
  /** A new object each time. It is also called, twice, while the topology is defined, to see that it is. */
  get(): Processor<KIn, VIn, KOut, VOut>
  /** The stores that its processors use, beside those of the option `stores`. */
  stores?(): readonly StoreBuilder[]
}

/** A processor that keeps nothing in fields: a function of record and context. */
export type ProcessorFunction<KIn = unknown, VIn = unknown, KOut = KIn, VOut = VIn> = (
  record: StreamRecord<KIn, VIn>,
  context: ProcessorContext<KOut, VOut>,
) => MaybePromise
