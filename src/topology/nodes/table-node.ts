import type { Headers } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { KeyValueStore } from '../../stores/contract/key-value-store.ts'
import type { KeyValueStoreDefinition } from '../../stores/contract/store-definition.ts'
import { createKeyIdentity } from '../processing/key-identity.ts'
import type { TableRow } from '../processing/value-lookup.ts'
import { whenKnown } from '../../model/when-known.ts'
import { ChangeNode, type CachedStore } from './change-node.ts'
import type { NodeSite } from './live-node.ts'

/** A node whose output is a table, which may be kept in a store. */
export abstract class TableNode extends ChangeNode {
  protected readonly store: KeyValueStore<unknown, unknown> | undefined

  /** @param holds Whether changes are held back here, where the store is cached. */
  constructor(definition: KeyValueStoreDefinition | undefined, site: NodeSite, holds = true) {
    super(definition?.cache && holds ? cachedStoreOf(definition) : undefined, site)
    this.store = definition && site.context.store(definition.name)
  }

  /** Goes on with the row that the node's own store has for the key of a record. */
  protected withRow(record: StreamRecord, use: (row: TableRow) => MaybePromise): MaybePromise {
    let row: MaybePromise<TableRow>
    try {
      row = this.store!.get(record.key)
    } catch (error) {
      return this.failed(error, record)
    }
    return whenKnown(row, use)
  }

  /** Puts the new value into the store, if there is one, and tells the children. */
  protected update(
    key: unknown,
    oldValue: unknown,
    newValue: unknown,
    timestamp: number,
    headers: Headers,
  ): MaybePromise {
    if (this.store !== undefined) {
      try {
        this.store.put(key, newValue === null ? undefined : { value: newValue, timestamp })
      } catch (error) {
        return this.failed(error, { timestamp, headers })
      }
    }
    return this.tell(key, oldValue, newValue, timestamp, headers)
  }
}

function cachedStoreOf({ name, key }: KeyValueStoreDefinition): CachedStore {
  return { name, identityOf: createKeyIdentity(key) }
}
