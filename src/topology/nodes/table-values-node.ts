import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Change } from '../processing/change.ts'
import type { NodeSite } from './live-node.ts'
import { TableNode } from './table-node.ts'

/** What definitions of nodes have in common that make a table of another one, row by row. */
export interface TableValuesDefinition {
  readonly name: string
  readonly parents: readonly string[]
  readonly store: KeyValueStoreDefinition | undefined
  /** Whether a node below asked for old values; then they are in the changes that come, or in the store. */
  readonly sendsOldValues: boolean
  /** The rows above are those of a versioned table. */
  readonly isVersioned: boolean
}

/** A node that makes each row of its table out of the row of the same key in the table above. */
export abstract class TableValuesNode extends TableNode {
  protected readonly sendsOldValues: boolean
  protected readonly isVersioned: boolean

  constructor({ store, sendsOldValues, isVersioned }: TableValuesDefinition, site: NodeSite) {
    super(store, site)
    this.isVersioned = isVersioned
    this.sendsOldValues = sendsOldValues
  }

  /** Calls the user's function. */
  protected abstract derive(key: unknown, value: unknown): unknown

  /** Whether a change may be kept from the children. */
  protected isNeedless(_oldValue: unknown, _newValue: unknown): boolean {
    return false
  }

  process(record: StreamRecord): MaybePromise {
    const { key, value: change } = record
    const isComputed = this.sendsOldValues && this.store === undefined
    let newValue: unknown
    let oldValue: unknown
    try {
      newValue = this.derive(key, (change as Change).newValue) ?? null
      oldValue = isComputed ? (this.derive(key, (change as Change).oldValue) ?? null) : null
    } catch (error) {
      return this.failed(error, record)
    }
    if (this.store === undefined || !(this.sendsOldValues || this.isHolding))
      return this.#change(record, oldValue, newValue)
    return this.withRow(record, (row) => this.#change(record, row?.value ?? null, newValue))
  }

  #change(
    { key, value, timestamp, headers }: StreamRecord,
    oldValue: unknown,
    newValue: unknown,
  ): MaybePromise {
    if (this.isNeedless(oldValue, newValue)) return undefined
    // What is in a store of its own is the newest there.
    if (this.store === undefined && (value as Change).isOld === true)
      return this.forward({ key, value: { newValue, oldValue, isOld: true }, timestamp, headers })
    return this.update(key, oldValue, newValue, timestamp, headers)
  }
}
