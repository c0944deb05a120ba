import type { StreamRecord } from '../../model/stream-record.ts'
import type { RecordFunction } from '../processing/functions.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** A way out of a split: the child that gets the records of which the predicate is true. */
export interface Branch {
  readonly predicate: RecordFunction<boolean>
  readonly child: string
}

/** Splits a stream. */
export interface BranchDefinition {
  readonly kind: 'branch'
  readonly name: string
  readonly parents: readonly string[]
  readonly branches: readonly Branch[]
  /** The child that gets what no predicate wants; without one it goes no further. */
  readonly defaultChild: string | undefined
}

/** Forwards each record to one child: that of the first predicate which wants it. */
export class BranchNode extends LiveNode {
  readonly #branches: readonly Branch[]
  readonly #defaultChild: string | undefined

  constructor({ branches, defaultChild }: BranchDefinition, site: NodeSite) {
    super(site)
    this.#branches = branches
    this.#defaultChild = defaultChild
  }

  process(record: StreamRecord): MaybePromise {
    let child: string | undefined
    try {
      child = this.#childFor(record)
    } catch (error) {
      return this.failed(error, record)
    }
    return child === undefined ? undefined : this.forwardTo(child, record)
  }

  #childFor({ key, value }: StreamRecord): string | undefined {
    const branch = this.#branches.find(({ predicate }) => predicate(key, value))
    return branch ? branch.child : this.#defaultChild
  }
}
