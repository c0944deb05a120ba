import type { MaybePromise } from '../../model/maybe-promise.ts'
import { whenKnown } from '../../model/when-known.ts'
import type {
  PutVersion,
  VersionedRecord,
  VersionedStore,
} from '../../stores/contract/versioned-store.ts'
import type { VersionedKeyValueStore } from './state-store.ts'

/** A versioned store as processors see it. */
export class ProcessorVersions<K, V> implements VersionedKeyValueStore<K, V> {
  readonly name: string
  readonly #store: VersionedStore<K, V>

  constructor(name: string, store: VersionedStore<K, V>) {
    this.name = name
    this.#store = store
  }

  put(key: K, value: V | null, timestamp: number): MaybePromise<PutVersion> {
    return this.#store.putVersion(key, value, timestamp)
  }

  delete(key: K, timestamp: number): MaybePromise<VersionedRecord<V> | undefined> {
    return whenKnown(this.get(key, timestamp), (before) =>
      whenKnown(this.put(key, null, timestamp), ({ isKept }) => (isKept ? before : undefined)),
    )
  }

  get(key: K, asOf?: number): MaybePromise<VersionedRecord<V> | undefined> {
    return asOf === undefined ? this.#store.get(key) : this.#store.getAsOf(key, asOf)
  }
}
