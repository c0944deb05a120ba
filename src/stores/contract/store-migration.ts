import type { Serde } from '../../serdes/serde.ts'

/** A row of a store as an earlier version left it. */
export interface StoredRow<K, V> {
  readonly key: K
  readonly value: V
  /** Milliseconds. */
  readonly timestamp: number
  /** Of stores with windows or sessions: milliseconds. */
  readonly window?: { readonly start: number; readonly end: number }
}

/** What becomes of a row; its key and its window stay. */
export interface MigratedRow<V> {
  readonly value: V
  /** (Default: as it was) */
  readonly timestamp?: number
}

/**
 * Makes a row of an earlier version one of this version; `undefined` deletes it.
 * @param from The version that the row is of.
 */
export type MigrateRow<K, Old, V> = RowMethod<K, Old, V>['migrate']

/** A method, so that streams and tables go on being assignable as before: TypeScript compares its parameters both ways. */
export interface RowMethod<K, Old, V> {
  migrate(this: void, row: StoredRow<K, Old>, from: number): MigratedRow<V> | undefined
}

/** How rows of earlier versions are read, and made rows of this one. Made by {@link migrateFrom}. */
export interface MigrationFrom<K, V> {
  /** That values were written with. */
  readonly value: Serde<unknown>
  readonly migrate: MigrateRow<K, never, V>
}

/** The option `migrate` of a store: a function where the serde of values stays, else {@link migrateFrom}. */
export type StoreMigration<K, V> = MigrateRow<K, V, V> | MigrationFrom<K, V>

/**
 * A migration from another serde of values. The table gets another column type where need be; keys and windows stay.
 *
 * The function is called once for each row of the store, before the application processes anything, and again only for the rows
 * of a transaction that was rolled back: it must be pure.
 *
 * @example
 * ```ts
 * const total = migrateFrom(serdes.int64, ({ value }: StoredRow<string, bigint>) => ({ value: { total: Number(value) } }))
 * group.aggregate({ init, add, store: 'totals', value: serdes.json<Total>(), version: 2, migrate: total })
 * // rowstream 1: ('ann', 5)
 * // rowstream 2: ('ann', { "total": 5 })
 * ```
 */
export function migrateFrom<K, Old, const V>(
  value: Serde<Old, never>,
  migrate: MigrateRow<K, Old, V>,
): MigrationFrom<K, V> {
  return { value: value, migrate: migrate }
}
