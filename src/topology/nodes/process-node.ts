import { isDeepStrictEqual } from 'node:util'
import { ProcessingError } from '../../errors/record-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import { NO_HEADERS } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Timer } from '../../stores/contract/timers.ts'
import { isPromise } from '../../model/is-promise.ts'
import type { FailedRecord } from '../processing/node-context.ts'
import { messageOf } from '../processing/message-of.ts'
import { AttachedStores, type AttachedStore } from '../processor/attached-stores.ts'
import { LiveProcessorContext } from '../processor/live-processor-context.ts'
import type { Processor, ProcessorSupplier } from '../processor/processor.ts'
import { ForwardQueue } from './forward-queue.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Runs a processor. */
export interface ProcessDefinition {
  readonly kind: 'process'
  readonly name: string
  readonly parents: readonly string[]
  readonly supplier: ProcessorSupplier
  /** Records that it forwards have the keys of those that it got. */
  readonly keepsKey: boolean
  /** The stores that it keeps: of those that share one, one has it. */
  readonly keeps: readonly StoreDefinition[]
  /** The stores of its tasks that it may use. */
  readonly attached: readonly AttachedStore[]
  /** Nobody else writes the stores that it keeps. */
  readonly writesAlone?: boolean
  /** The stores of global tables: it may read them all. */
  readonly globals?: readonly AttachedStore[]
  /** What leads to it, for messages. */
  readonly path: string
}

/** A user's processor at work. */
export class ProcessNode extends LiveNode {
  readonly #processor: Processor
  readonly #context: LiveProcessorContext
  readonly #queue = new ForwardQueue()
  readonly #keepsKey: boolean
  /** What is processed now; nothing while a schedule or a timer is due. */
  #processed: StreamRecord | undefined

  constructor(definition: ProcessDefinition, site: NodeSite) {
    super(site)
    const { supplier, keepsKey, attached, globals = [], path } = definition
    this.#keepsKey = keepsKey
    this.#processor = supplier.get()
    this.#context = new LiveProcessorContext({
      name: site.name,
      context: site.context,
      stores: new AttachedStores(site.context, [...attached, ...globals], path),
      forward: (record, child) => this.#forward(record, child),
      run: (call, timestamp) => this.#runAt(timestamp, call),
      timers:
        this.#processor.onTimer && site.context.timers(site.name, (timer) => this.#tell(timer)),
    })
  }

  override async init(): Promise<void> {
    try {
      await this.#processor.init?.(this.#context)
    } catch (cause) {
      if (StreamsError.is(cause)) throw cause
      throw new ProcessingError(this.name, messageOf(cause), { cause })
    }
    this.#context.initialised()
  }

  process(record: StreamRecord): MaybePromise {
    this.#processed = record
    return this.#run(() => this.#processor.process(record, this.#context), record)
  }

  override close(): void {
    this.#processor.close?.()
  }

  #tell(timer: Timer): MaybePromise {
    return this.#runAt(timer.at, () => this.#processor.onTimer?.(timer, this.#context))
  }

  #runAt(timestamp: number, call: () => MaybePromise): MaybePromise {
    this.#processed = undefined
    return this.#run(call, { timestamp, headers: NO_HEADERS })
  }

  #forward(record: StreamRecord, child: string | undefined): MaybePromise {
    if (this.#keepsKey) this.#checkKey(record)
    if (child === undefined) return this.#queue.add(() => this.forward(record))
    this.checkChild(child)
    return this.#queue.add(() => this.forwardTo(child, record))
  }

  /** What is below takes equal keys to be in its partition, and so they are only as long as none is changed. */
  #checkKey({ key }: StreamRecord): void {
    const processed = this.#processed
    if (processed === undefined || isDeepStrictEqual(key, processed.key)) return
    throw new TypeError(
      `node ${this.name} is to keep keys, but forwards a record with another one: use process in place of processValues`,
    )
  }

  #run(call: () => MaybePromise, record: FailedRecord): MaybePromise {
    let pending: MaybePromise
    try {
      pending = call()
    } catch (error) {
      return this.#queue.isOpen ? this.#endWith(error, record) : this.failed(error, record)
    }
    if (isPromise(pending)) return this.#end(pending, record)
    return this.#queue.isOpen ? this.#queue.drained() : undefined
  }

  async #end(pending: Promise<void>, record: FailedRecord): Promise<void> {
    try {
      await pending
    } catch (error) {
      return this.#endWith(error, record)
    }
    await this.#queue.drained()
  }

  /** What was forwarded before goes its way; only then is the record given up. */
  async #endWith(error: unknown, record: FailedRecord): Promise<void> {
    await this.#queue.drained()
    this.failed(error, record)
  }
}
