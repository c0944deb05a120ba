import { TopologyError } from '../../errors/topology-error.ts'
import type { Serde } from '../../serdes/serde.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import {
  migrateFrom,
  type MigrationFrom,
  type StoreMigration,
} from '../../stores/contract/store-migration.ts'

/** The options of a store that say which version its rows are of. */
export interface VersionOptions<K, V> {
  readonly store?: string
  readonly version?: number
  readonly migrate?: StoreMigration<K, V>
}

/** What a definition has of them. */
export type StoreVersion = Pick<
  Extract<StoreDefinition, { readonly kind: 'key-value' }>,
  'version' | 'migrate'
>

/**
 * What a definition has of them. Rows of an earlier version are read with the serde of the store unless another is given.
 * @param namedBy The option that gives the store its name.
 */
export function storeVersion<K, V>(
  { store, version = 1, migrate }: VersionOptions<K, V>,
  value: Serde<unknown>,
  namedBy: 'store' | 'name' = 'store',
): StoreVersion {
  const name = store ?? 'without a name'
  if (!Number.isSafeInteger(version) || version < 1 || version > 2 ** 31 - 1)
    throw new TopologyError(
      `the version of store ${name} must be a whole number from 1, not ${version}`,
    )
  if (version === 1 && migrate)
    throw new TopologyError(
      `store ${name} has a function migrate, but version 1 has none before it`,
    )
  if (version > 1 && store === undefined)
    throw new TopologyError(
      `a store with version ${version} needs a name, with the option ${namedBy}`,
    )
  return {
    ...(version > 1 && { version }),
    ...(migrate && { migrate: toMigrationFrom(migrate, value) }),
  }
}

/** Options that say which version the records of a stream-stream join are of. */
export interface JoinVersionOptions extends VersionOptions<unknown, unknown> {
  readonly migrateOther?: StoreMigration<unknown, unknown>
}

/** As {@link storeVersion}, for the records of each side: they have one version. */
export function joinVersions(
  { migrate, migrateOther, ...version }: JoinVersionOptions,
  leftValue: Serde<unknown>,
  rightValue: Serde<unknown>,
): readonly [left: StoreVersion, right: StoreVersion] {
  const side = (given: StoreMigration<unknown, unknown> | undefined, value: Serde<unknown>) =>
    storeVersion({ ...version, ...(given && { migrate: given }) }, value)
  return [side(migrate, leftValue), side(migrateOther, rightValue)]
}

function toMigrationFrom<K, V>(
  migrate: StoreMigration<K, V>,
  value: Serde<unknown>,
): MigrationFrom<never, unknown> {
  return typeof migrate === 'function' ? migrateFrom(value as Serde<V>, migrate) : migrate
}
