import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { VersionedStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { PutVersion, VersionedStore } from '../../stores/contract/versioned-store.ts'
import type { Change } from '../processing/change.ts'
import { whenKnown } from '../../model/when-known.ts'
import { LiveNode, type NodeSite } from './live-node.ts'

/** Makes a table of records that keeps the versions of its rows. */
export interface VersionedSourceDefinition {
  readonly kind: 'versioned-source'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: VersionedStoreDefinition
}

/**
 * Takes each record as a version of the row of its key, from its timestamp on; a null value says that there was no row, a null key
 * is dropped, and so is a version before the history. The old value of a change is the one of the latest version before, also
 * where a later version is there already: then the change says that it is not the latest.
 */
export class VersionedSourceNode extends LiveNode {
  readonly #store: VersionedStore<unknown, unknown>

  constructor({ store }: VersionedSourceDefinition, site: NodeSite) {
    super(site)
    this.#store = site.context.store(store.name)
  }

  process(record: StreamRecord): MaybePromise {
    const { key } = record
    if (key === null || key === undefined) return this.context.dropped('null-key', this.name)
    let row: ReturnType<VersionedStore<unknown, unknown>['get']>
    try {
      row = this.#store.get(key)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(row, (latest) => this.#put(record, latest?.value ?? null))
  }

  #put(record: StreamRecord, oldValue: unknown): MaybePromise {
    const { key, value = null, timestamp, headers } = record
    let outcome: MaybePromise<PutVersion>
    try {
      outcome = this.#store.putVersion(key, value, timestamp)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(outcome, ({ isKept, validTo }) => {
      if (!isKept) return undefined
      const isOld = validTo !== undefined && { isOld: true }
      const change: Change = { newValue: value, oldValue, ...isOld }
      return this.forward({ key, value: change, timestamp, headers })
    })
  }
}
