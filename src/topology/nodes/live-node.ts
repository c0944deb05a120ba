import type { StreamRecord } from '../../model/stream-record.ts'
import type { FailedRecord, NodeContext } from '../processing/node-context.ts'
import type { TableRow, ValueLookup } from '../processing/value-lookup.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'

/** A row of a table that a node needs. */
interface RowSought {
  readonly rows: ValueLookup
  readonly key: unknown
  /** Of versioned tables: the row of that time, not that of now. */
  readonly asOf?: number | undefined
}

/** Where a live node stands. */
export interface NodeSite {
  readonly name: string
  /** In the order in which they were defined; a record visits them in it. */
  readonly children: readonly LiveNode[]
  readonly context: NodeContext
}

/**
 * A node that runs in one task.
 *
 * Everything is synchronous until a store has to be read: then `process` gives a promise, and
 * whoever gets one awaits it before the next child, output or record. Users' errors are reported
 * where they are thrown, by the node that called the function; what `failed` throws then passes
 * through the parents untouched.
 */
export abstract class LiveNode {
  readonly name: string
  protected readonly context: NodeContext
  readonly #children: readonly LiveNode[]

  constructor({ name, children, context }: NodeSite) {
    this.name = name
    this.#children = children
    this.context = context
  }

  /** Once, before the first record: finds stores, schedules what it wants to be called for. */
  init(): MaybePromise {
    return undefined
  }

  abstract process(record: StreamRecord): MaybePromise

  /** Stream time has gone on to a time without a record: forwards what that makes due. */
  advance(_streamTime: number): MaybePromise {
    return undefined
  }

  /** Forwards what is under way: calls whose results are awaited. */
  settle(): MaybePromise {
    return undefined
  }

  /** Forwards what was held back, and what is under way, if there can be any. */
  flush(): MaybePromise {
    return undefined
  }

  /** When the task is given up. */
  close(): void {}

  protected forward(record: StreamRecord): MaybePromise {
    const children = this.#children
    for (let next = 0; next < children.length;) {
      const pending = children[next++]!.process(record)
      if (pending !== undefined) return this.#forwardFrom(next, record, pending)
    }
    return undefined
  }

  /**
   * Forwards what a user's functions make, each made when the last one has been forwarded. What they throw is reported, and ends
   * it; what children throw is not.
   *
   * @param record The one that they are made of.
   */
  protected forwardEach(records: Iterator<StreamRecord>, record: FailedRecord): MaybePromise {
    for (;;) {
      let next: IteratorResult<StreamRecord>
      try {
        next = records.next()
      } catch (error) {
        return this.failed(error, record)
      }
      if (next.done) return undefined
      const pending = this.forward(next.value)
      if (pending !== undefined) return pending.then(() => this.forwardEach(records, record))
    }
  }

  /** To one child alone; a child of that name must exist. */
  protected forwardTo(child: string, record: StreamRecord): MaybePromise {
    return this.checkChild(child).process(record)
  }

  /** @throws TypeError when there is no child of that name. */
  protected checkChild(child: string): LiveNode {
    const found = this.#children.find(({ name }) => name === child)
    if (found) return found
    const names = this.#children.map(({ name }) => name).join(', ')
    throw new TypeError(`node ${this.name} has no child ${child}; it has ${names || 'none'}`)
  }

  /** Goes on with a row of a table, which other nodes keep. @param record The one that needs it. */
  protected lookUp(
    { rows: lookup, key, asOf }: RowSought,
    record: FailedRecord,
    use: (row: TableRow) => MaybePromise,
  ): MaybePromise {
    let rows: ReturnType<ValueLookup['read']>
    try {
      rows = lookup.read(key, asOf)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(rows, (known) => {
      let row: TableRow
      try {
        row = lookup.compute(key, known)
      } catch (error) {
        return this.failed(error, record)
      }
      return use(row)
    })
  }

  /** @param record The one that came in. */
  protected failed(error: unknown, record: FailedRecord): void {
    this.context.failed(error, this.name, 'processing', record)
  }

  async #forwardFrom(next: number, record: StreamRecord, pending: Promise<void>): Promise<void> {
    await pending
    // One after the other: children see a record in order, and the store's answer to one may depend
    // on the other.
    for (const child of this.#children.slice(next)) await child.process(record)
  }
}
