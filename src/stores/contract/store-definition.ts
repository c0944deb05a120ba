import type { Serde } from '../../serdes/serde.ts'
import type { MigrationFrom } from './store-migration.ts'

/** What a store is: enough to make its table and to open it. */
export type StoreDefinition<K = unknown, V = unknown> =
  | ValueStoreDefinition<K, V>
  | JoinBufferStoreDefinition
  | RecordBufferStoreDefinition
  | SuppressBufferStoreDefinition
  | SubscriptionStoreDefinition

/** Stores whose rows hold values of the user, and can be migrated. */
export type MigratableStoreDefinition = Exclude<StoreDefinition, SubscriptionStoreDefinition>

/** Stores whose rows have one value. */
export type ValueStoreDefinition<K = unknown, V = unknown> =
  KeyValueStoreDefinition<K, V> | VersionedStoreDefinition<K, V> | AnyExpiringStoreDefinition<K, V>

/** Stores whose rows expire. */
export type AnyExpiringStoreDefinition<K = unknown, V = unknown> =
  WindowStoreDefinition<K, V> | SessionStoreDefinition<K, V> | JoinWindowStoreDefinition<K, V>

/** Of stores that can be migrated. */
interface VersionedDefinition {
  /** Of what is in the rows; absent: 1. */
  readonly version?: number
  /** How rows of earlier versions become rows of this one. */
  readonly migrate?: MigrationFrom<never, unknown>
}

/** What all of them have. */
interface AnyStoreDefinition<K, V> extends VersionedDefinition {
  readonly name: string
  readonly key: Serde<K>
  readonly value: Serde<V>
  /**
   * Cached (default): changes are forwarded at commit, one for each key. Not cached: a change for each record.
   * The write-behind cache itself always works; this only says what downstream nodes see.
   */
  readonly cache: boolean
}

/** A value for each key. */
export interface KeyValueStoreDefinition<K = unknown, V = unknown> extends AnyStoreDefinition<
  K,
  V
> {
  readonly kind: 'key-value'
}

/** What stores have whose rows expire. */
interface ExpiringStoreDefinition<K, V> extends AnyStoreDefinition<K, V> {
  /** How far rows may lie behind the store's stream time; infinite where they never expire. */
  readonly retentionMs: number
  /** Rows are to be had once each, in the order of their times, when their windows have closed. */
  readonly emitsOnClose: boolean
}

/** A value for each window of a key; windows are known by their starts. */
export interface WindowStoreDefinition<K = unknown, V = unknown> extends ExpiringStoreDefinition<
  K,
  V
> {
  readonly kind: 'window'
  /** From the start of a window to its end; infinite where it has none. */
  readonly sizeMs: number
  /** From the start of a window to that of the next; absent where windows lie as records come. */
  readonly advanceMs?: number | undefined
  /** Where the one window begins that has no end. */
  readonly startMs?: number | undefined
}

/** A value for each session of a key; sessions are known by their starts and ends. */
export interface SessionStoreDefinition<K = unknown, V = unknown> extends ExpiringStoreDefinition<
  K,
  V
> {
  readonly kind: 'session'
  /** Records that lie no further apart are in one session. */
  readonly gapMs?: number
}

/** The records of one side of a stream-stream join, all of a key and a time. */
export interface JoinWindowStoreDefinition<
  K = unknown,
  V = unknown,
> extends ExpiringStoreDefinition<K, V> {
  readonly kind: 'join-window'
}

/** The records of a left or outer stream-stream join that have found no partner yet. */
export interface JoinBufferStoreDefinition {
  readonly kind: 'join-buffer'
  readonly name: string
  readonly key: Serde<unknown>
  readonly left: Serde<unknown>
  readonly right: Serde<unknown>
  /** Of what is in the rows; absent: 1. */
  readonly version?: number
  /** How values of earlier versions become those of this one, on each side. */
  readonly migrateLeft?: MigrationFrom<never, unknown>
  readonly migrateRight?: MigrationFrom<never, unknown>
}

/** Records of a stream that wait until their times are over. */
export interface RecordBufferStoreDefinition extends VersionedDefinition {
  readonly kind: 'record-buffer'
  readonly name: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
}

/** Changes of a table that are held back. */
export interface SuppressBufferStoreDefinition extends VersionedDefinition {
  readonly kind: 'suppress-buffer'
  readonly name: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  /** Whether somebody asks how many bytes they are. */
  readonly countsBytes: boolean
}

/** Who subscribes to the rows of a table, in a foreign-key join. */
export interface SubscriptionStoreDefinition {
  readonly kind: 'subscriptions'
  readonly name: string
  /** Of foreign keys. */
  readonly key: Serde<unknown>
  readonly primaryKey: Serde<unknown>
  /** The topic of the answers, without the application's id: it has a partition for each of the table that subscribes. */
  readonly responses: string
  /** Of the rows that subscribe: their subscriptions hold hashes of what it writes. */
  readonly subscriber: Serde<unknown>
  /** Versions of the stores that those rows come from; absent where all are the first. */
  readonly subscriberVersions?: readonly number[]
}

/** The versions of each row; changes are never held back. */
export interface VersionedStoreDefinition<K = unknown, V = unknown> extends AnyStoreDefinition<
  K,
  V
> {
  readonly kind: 'versioned'
  /** How far back rows are known as they were. */
  readonly historyRetentionMs: number
}
