import type { StreamRecord } from '../../model/stream-record.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode } from './live-node.ts'

/** A node whose function makes any number of outputs from a record. */
export abstract class OutputsNode<Output> extends LiveNode {
  /** Calls the user's function. */
  protected abstract outputsOf(record: StreamRecord): Iterable<Output>

  /** The record that goes on for an output; may throw when the output is not of the right form. */
  protected abstract toRecord(output: Output, input: StreamRecord): StreamRecord

  process(record: StreamRecord): MaybePromise {
    let outputs: Iterator<Output> | readonly Output[]
    try {
      const iterable = this.outputsOf(record)
      outputs = Array.isArray(iterable)
        ? (iterable as readonly Output[])
        : iterable[Symbol.iterator]()
    } catch (error) {
      return this.failed(error, record)
    }
    return Array.isArray(outputs)
      ? this.#forwardList(outputs as readonly Output[], record)
      : this.#forwardIterator(outputs as Iterator<Output>, record)
  }

  #forwardList(outputs: readonly Output[], record: StreamRecord): MaybePromise {
    for (let next = 0; next < outputs.length;) {
      const pending = this.#forwardOutput(outputs[next++]!, record)
      if (pending !== undefined) return this.#forwardListFrom(next, outputs, record, pending)
    }
    return undefined
  }

  async #forwardListFrom(
    next: number,
    outputs: readonly Output[],
    record: StreamRecord,
    pending: Promise<void>,
  ): Promise<void> {
    await pending
    for (let index = next; index < outputs.length; index++)
      await this.#forwardOutput(outputs[index]!, record)
  }

  /**
   * A generator runs between its outputs: it may throw at each, after earlier ones have gone on.
   */
  #forwardIterator(outputs: Iterator<Output>, record: StreamRecord): MaybePromise {
    for (;;) {
      const result = this.#next(outputs, record)
      if (result === undefined || result.done) return undefined
      const pending = this.#forwardOutput(result.value, record)
      if (pending !== undefined) return this.#forwardIteratorAfter(pending, outputs, record)
    }
  }

  async #forwardIteratorAfter(
    pending: Promise<void>,
    outputs: Iterator<Output>,
    record: StreamRecord,
  ): Promise<void> {
    await pending
    await this.#forwardIterator(outputs, record)
  }

  #next(
    outputs: Iterator<Output>,
    record: StreamRecord,
  ): IteratorResult<Output, unknown> | undefined {
    try {
      return outputs.next()
    } catch (error) {
      this.failed(error, record)
      return undefined
    }
  }

  #forwardOutput(output: Output, input: StreamRecord): MaybePromise {
    let record: StreamRecord
    try {
      record = this.toRecord(output, input)
    } catch (error) {
      return this.failed(error, input)
    }
    return this.forward(record)
  }
}
