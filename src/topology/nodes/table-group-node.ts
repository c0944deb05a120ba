import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { Change } from '../processing/change.ts'
import type { KeyValue, RecordFunction } from '../processing/functions.ts'
import { createKeyIdentity, type KeyIdentity } from '../processing/key-identity.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Gives the rows of a table the keys of their groups. */
export interface TableGroupDefinition {
  readonly kind: 'table-group'
  readonly name: string
  readonly parents: readonly string[]
  readonly selector: RecordFunction<KeyValue>
  /** Of the groups' keys. */
  readonly key: Serde<unknown>
  /** The rows are those of a versioned table. */
  readonly isVersioned: boolean
}

/** A row in its group; `undefined` where there is none. */
type Grouped = KeyValue | undefined

/**
 * Tells the groups of a row of its change: one record where the row stays in its group, otherwise one for the group that it
 * leaves and then one for the group that it comes to. Between both, it is in neither.
 */
export class TableGroupNode extends LiveNode {
  readonly #selector: RecordFunction<KeyValue>
  readonly #identityOf: KeyIdentity

  readonly #isVersioned: boolean

  constructor({ selector, key, isVersioned }: TableGroupDefinition, site: NodeSite) {
    super(site)
    this.#isVersioned = isVersioned
    this.#selector = selector
    this.#identityOf = createKeyIdentity(key)
  }

  process(record: StreamRecord): MaybePromise {
    const { newValue, oldValue, isOld } = record.value as Change
    // The row stays as it is. Nothing is lost: the version is in the table's history.
    if (this.#isVersioned && isOld === true) return undefined
    let left: Grouped
    let joined: Grouped
    let isSame: boolean
    try {
      joined = this.#groupOf(record.key, newValue)
      left = this.#groupOf(record.key, oldValue)
      isSame = left !== undefined && joined !== undefined && this.#isSameKey(left, joined)
    } catch (error) {
      return this.failed(error, record)
    }
    if (isSame) return this.#tell(record, joined![0], left![1], joined![1])
    const pending = left && this.#tell(record, left[0], left[1], null)
    if (joined === undefined) return pending
    const [key, value] = joined
    const join = () => this.#tell(record, key, null, value)
    return pending ? pending.then(join) : join()
  }

  #groupOf(key: unknown, value: unknown): Grouped {
    if (value === null) return undefined
    const [group, grouped] = this.#selector(key, value)
    return (group ?? null) === null || (grouped ?? null) === null ? undefined : [group, grouped]
  }

  #isSameKey([one]: KeyValue, [other]: KeyValue): boolean {
    return one === other || this.#identityOf(one) === this.#identityOf(other)
  }

  #tell(
    { timestamp, headers }: StreamRecord,
    key: unknown,
    oldValue: unknown,
    newValue: unknown,
  ): MaybePromise {
    return this.forward({ key, value: { newValue, oldValue }, timestamp, headers })
  }
}
