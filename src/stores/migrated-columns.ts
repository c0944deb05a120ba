import type { Serde } from '../serdes/serde.ts'
import type { MigratableStoreDefinition } from './contract/store-definition.ts'
import type { MigrationFrom } from './contract/store-migration.ts'

/** A column with values, and what becomes of them. */
export interface MigratedColumn {
  readonly at: number
  /** Of the store's definition: which serde it is. */
  readonly field: 'value' | 'left' | 'right'
  readonly serde: Serde<unknown>
  readonly migrate: MigrationFrom<never, unknown> | undefined
}

/** Where a function over the rows of a store finds what it knows, by the places of columns. */
export interface MigratedColumns {
  readonly key: number
  /** Of the record that made the row. */
  readonly time: number
  /** Start and end. */
  readonly window?: readonly [start: number, end: number]
  readonly values: readonly MigratedColumn[]
  /** The time is no part of where the row lies. */
  readonly isRetimed: boolean
  /** A row without a value says something too: it stays. */
  readonly keepsEmpty: boolean
}

/** As the store's table has them; see `storeTable`. */
export function migratedColumns(store: MigratableStoreDefinition): MigratedColumns {
  switch (store.kind) {
    case 'key-value':
      return { key: 1, time: 3, values: valuesAt(store, 2), isRetimed: true, keepsEmpty: false }
    case 'window':
    case 'session':
      return {
        ...{ key: 1, time: 5, window: [2, 3], values: valuesAt(store, 4) },
        ...{ isRetimed: true, keepsEmpty: false },
      }
    case 'versioned':
      return { key: 1, time: 2, values: valuesAt(store, 4), isRetimed: false, keepsEmpty: true }
    case 'join-window':
      return { key: 1, time: 2, values: valuesAt(store, 4), isRetimed: false, keepsEmpty: false }
    case 'record-buffer':
      return { key: 2, time: 1, values: valuesAt(store, 4), isRetimed: false, keepsEmpty: false }
    case 'suppress-buffer':
      return {
        key: 2,
        time: 6,
        values: valuesAt(store, 3, 4, 5),
        isRetimed: true,
        keepsEmpty: true,
      }
    case 'join-buffer':
      return {
        ...{ key: 3, time: 1, isRetimed: false, keepsEmpty: false },
        values: [
          { at: 5, field: 'left', serde: store.left, migrate: store.migrateLeft },
          { at: 6, field: 'right', serde: store.right, migrate: store.migrateRight },
        ],
      }
  }
}

function valuesAt(
  { value, migrate }: Exclude<MigratableStoreDefinition, { readonly kind: 'join-buffer' }>,
  ...places: readonly number[]
): MigratedColumn[] {
  return places.map((at) => ({ at, field: 'value', serde: value, migrate }))
}
