import type { Row } from '../database/table.ts'
import { StoreRefusedError } from '../errors/record-errors.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import { BucketStore, type BucketLayout } from './bucket-store.ts'
import { Bucket } from './bucket.ts'
import type { SubscriptionStoreDefinition } from './contract/store-definition.ts'
import type { Subscription, SubscriptionStore } from './contract/subscription-store.ts'
import { checkTimestamp, KEY_BYTES_MAX } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'

/** Stands behind the bytes of a key, below all of them: so places differ, and the shorter of two keys that begin alike comes first. */
const END = -1

/** Subscriptions in a table: a bucket for each foreign key, in it the subscriptions at the bytes of their primary keys. */
export class TableSubscriptions
  extends BucketStore<unknown, Subscription>
  implements SubscriptionStore
{
  readonly #definition: SubscriptionStoreDefinition

  constructor(definition: SubscriptionStoreDefinition, surroundings: StoreSurroundings) {
    const { partition, reader, cacheBytesMax } = surroundings
    super(layoutOf(definition), partition, reader, cacheBytesMax)
    this.#definition = definition
  }

  subscribe(foreignKey: unknown, subscription: Subscription, timestamp: number): MaybePromise {
    const at = this.#placeOf(foreignKey, subscription.primaryKey)
    return this.#with(foreignKey, (bucket) =>
      this.put(bucket, { at, value: subscription, timestamp }),
    )
  }

  unsubscribe(foreignKey: unknown, primaryKey: unknown): MaybePromise {
    const at = this.#placeOf(foreignKey, primaryKey)
    return this.#with(foreignKey, (bucket) => this.delete(bucket, at))
  }

  subscriptionsTo(foreignKey: unknown): MaybePromise<readonly Subscription[]> {
    return this.#with(foreignKey, ({ rows }) => rows.map(({ value }) => value))
  }

  #with<R>(foreignKey: unknown, use: (bucket: Bucket<Subscription>) => R): MaybePromise<R> {
    const bucket = this.bucket(foreignKey)
    return bucket instanceof Bucket ? use(bucket) : bucket.then(use)
  }

  #placeOf(foreignKey: unknown, primaryKey: unknown): readonly number[] {
    const { name, key, primaryKey: serde } = this.#definition
    const bytes = serde.serialize(primaryKey)
    const together = bytes.length + key.serialize(foreignKey).length
    if (together <= KEY_BYTES_MAX) return placeOfBytes(bytes)
    const reason = `foreign and primary key have ${together} bytes, the limit is ${KEY_BYTES_MAX}`
    throw new StoreRefusedError(name, reason)
  }
}

function layoutOf(definition: SubscriptionStoreDefinition): BucketLayout<unknown, Subscription> {
  const { name, key, primaryKey: serde } = definition
  const foreign = new StoreCells({ name, key, value: key })
  const primary = new StoreCells({ name, key: serde, value: serde })
  return {
    table: storeTable(definition),
    keyCell: (foreignKey) => foreign.keyCell(foreignKey),
    toCells: ({ value: { primaryKey, hash, partition }, timestamp }) => {
      checkTimestamp(name, timestamp)
      return [primary.keyCell(primaryKey), hash, partition, timestamp]
    },
    placeCells: (at) => [primary.keyCell(serde.deserialize(Buffer.from(at.slice(0, -1))))],
    fromRow: ([, , keyCell, hash, partition, timestamp]: Row) => {
      const primaryKey = primary.keyOf(keyCell!)
      return {
        at: placeOfBytes(serde.serialize(primaryKey)),
        value: { primaryKey, hash: hash as Uint8Array | null, partition: partition as number },
        timestamp: timestamp as number,
      }
    },
  }
}

function placeOfBytes(bytes: Uint8Array): readonly number[] {
  return [...bytes, END]
}
