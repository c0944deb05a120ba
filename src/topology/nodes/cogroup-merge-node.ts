import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type {
  KeyValueStoreDefinition,
  SessionStoreDefinition,
  WindowStoreDefinition,
} from '../../stores/contract/store-definition.ts'
import type { Change } from '../processing/change.ts'
import {
  createKeyIdentity,
  createWindowedIdentity,
  type KeyIdentity,
} from '../processing/key-identity.ts'
import { ChangeNode } from './change-node.ts'
import type { NodeSite } from './live-node.ts'

/** A store into which several groups can aggregate. */
export type CogroupStoreDefinition =
  KeyValueStoreDefinition | WindowStoreDefinition | SessionStoreDefinition

/** Unites the aggregates of several groups, which share a store. */
export interface CogroupMergeDefinition {
  readonly kind: 'cogroup-merge'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: CogroupStoreDefinition
}

/** Tells the changes of all aggregates above; holds them back where the store is cached, so that each key has one. */
export class CogroupMergeNode extends ChangeNode {
  constructor({ store }: CogroupMergeDefinition, site: NodeSite) {
    super(store.cache ? { name: store.name, identityOf: identityOf(store) } : undefined, site)
  }

  process({ key, value, timestamp, headers }: StreamRecord): MaybePromise {
    const { oldValue, newValue } = value as Change
    return this.tell(key, oldValue, newValue, timestamp, headers)
  }
}

function identityOf({ kind, key }: CogroupStoreDefinition): KeyIdentity {
  return kind === 'key-value' ? createKeyIdentity(key) : createWindowedIdentity(key)
}
