import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordPosition } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Cancellable, PunctuationType } from '../processing/punctuation.ts'
import type { StoreBuilder } from './store-builder.ts'

/** What a processor may ask of the task it runs in. */
export interface ProcessorContext<KOut = unknown, VOut = unknown> {
  /** Highest timestamp that the task has seen, milliseconds; −1 before the first record. */
  readonly currentStreamTimeMs: number
  /** Milliseconds since the epoch, by the clock of the application. */
  readonly currentSystemTimeMs: number
  /** Where the record that is processed came from; nothing in a punctuation. */
  readonly recordMetadata: RecordPosition | undefined
  /**
   * A store that is attached to the processor.
   * @throws TopologyError `TOPOLOGY_INVALID` when it is not: the message names the node and what leads to it.
   */
  store<Store>(store: StoreBuilder<Store>): Store
  store<Store>(name: string): Store
  /**
   * Hands a record to all children or to the one of that name, depth first: when the promise is fulfilled, or where there is
   * none, they have processed it. Records that are forwarded without waiting go on in their order.
   * @throws TypeError when there is no such child, or the timestamp is negative.
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
  ): Cancellable
}
