import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode } from './live-node.ts'

/** A node whose function makes any number of outputs from a record. */
export abstract class OutputsNode<Output> extends LiveNode {
  /** Calls the user's function. */
  protected abstract outputsOf(record: StreamRecord): Iterable<Output>

  /** The record that goes on for an output; may throw when the output is not of the right form. */
  protected abstract toRecord(output: Output, input: StreamRecord): StreamRecord

  /** All outputs are made before the first goes on: a function that throws, a generator between two of them too, leaves nothing. */
  process(record: StreamRecord): MaybePromise {
    const records: StreamRecord[] = []
    try {
      for (const output of this.outputsOf(record)) records.push(this.toRecord(output, record))
    } catch (error) {
      return this.failed(error, record)
    }
    return this.#forwardAll(records)
  }

  #forwardAll(records: readonly StreamRecord[]): MaybePromise {
    for (let next = 0; next < records.length;) {
      const pending = this.forward(records[next++]!)
      if (pending !== undefined) return this.#forwardFrom(next, records, pending)
    }
    return undefined
  }

  async #forwardFrom(
    next: number,
    records: readonly StreamRecord[],
    pending: Promise<void>,
  ): Promise<void> {
    await pending
    for (const record of records.slice(next)) await this.forward(record)
  }
}
