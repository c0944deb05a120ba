import type { CatalogueEntry, Description } from './catalogue-entry.ts'
import { versionName, type StoreMigration } from './store-migration.ts'

/** What a new version may change besides itself; the rest decides what the rows mean, or where they lie. */
const VALUES: readonly string[] = ['value', 'left', 'right']
const BY_VERSION: readonly string[] = [
  ...VALUES,
  'retentionMs',
  'historyRetentionMs',
  'emitsOnClose',
]
/** These say how far a store is. */
const STATUS: readonly string[] = ['version', 'migratingTo']

/** The way out, when a store that differs from its entry cannot be made what the topology says by a migration. */
export function upgradeProblem(
  entry: CatalogueEntry,
  { store, version, rows }: StoreMigration,
  known: Description,
  changed: readonly string[],
): string | undefined {
  const [from, target] = [versionOf(known), known['migratingTo']]
  if (target !== undefined && target !== version) return abandonment(store, from, Number(target))
  if (version < from)
    return `start the application with version ${from} of the store again: its rows are not those of an older one. To go back, undo the change as version ${from + 1}`
  const fields = changed.filter((field) => !STATUS.includes(field))
  const fixed = fields.filter((field) => !BY_VERSION.includes(field))
  if (fixed.length > 0) return entry.wayOut(fixed)
  if (version === from) return `${entry.wayOut(fields)}; or raise version and migrate its rows`
  const misread = Object.keys(rows?.serdes ?? {}).find(
    (field) => rows!.serdes[field] !== known[field],
  )
  if (misread !== undefined)
    return `its rows of version ${from} are of the serde ${known[misread] as string}: say so with migrate: migrateFrom(serde, …)`
  if (!rows && fields.some((field) => VALUES.includes(field)))
    return 'say with the option migrate how its rows become those of the new version'
  return undefined
}

/** Of an entry; one that does not say it is 1. */
export function versionOf({ version = 1 }: Description): number {
  return Number(version)
}

function abandonment(store: string, from: number, target: number): string {
  return (
    `start the application with version ${target} of the store, which goes on with the migration; or give it up: stop all ` +
    `instances, drop the table ${versionName(store, target)}, delete ('${store}', ${target}) from rowstream_migrations and ` +
    `take migratingTo out of its row in rowstream_catalogue, and all is as version ${from} left it`
  )
}
